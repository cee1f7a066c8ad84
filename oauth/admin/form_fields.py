"""Form fields of lists: one a line, or words with spaces between them."""

from typing import Any, ClassVar

from django import forms


class WordsField(forms.CharField):
    """Words: scopes. Its value is a list."""

    separator: ClassVar = " "
    rows: ClassVar = 2

    def __init__(self, **named: Any) -> None:
        """Show them in a box of a few lines."""
        super().__init__(widget=forms.Textarea(attrs={"rows": self.rows, "cols": 80, "spellcheck": "false"}), **named)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as text; what was typed is shown as it was."""
        return self.separator.join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """Return the list that was typed; commas separate too."""
        return list(dict.fromkeys(str(value or "").replace(",", " ").split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another list was typed."""
        return not self.disabled and list(initial or []) != self.to_python(data)


class LinesField(WordsField):
    """URIs, one a line; they may contain commas."""

    separator: ClassVar = "\n"
    rows: ClassVar = 4

    def to_python(self, value: Any) -> Any:
        """Return the list that was typed."""
        return list(dict.fromkeys(str(value or "").split()))

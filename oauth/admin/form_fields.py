"""Form fields of lists: one a line, or words with spaces between them; and of claims with their sources."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


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


class ClaimsField(forms.CharField):
    """Claims and what each is taken from, one a line: `name = source`. Its value is a dict."""

    def __init__(self, **named: Any) -> None:
        """Show them in a box of a few lines."""
        super().__init__(widget=forms.Textarea(attrs={"rows": 5, "cols": 80, "spellcheck": "false"}), **named)

    def prepare_value(self, value: Any) -> Any:
        """Show claims as lines; what was typed is shown as it was."""
        return "\n".join(f"{name} = {source}" for name, source in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        """Return the claims that were typed, or tell each line that is none."""
        claims: dict[str, str] = {}
        problems = []
        for place, line in enumerate(str(value or "").splitlines(), 1):
            # The last sign: a claim's name may be a URI that has one.
            name, sign, source = (part.strip() for part in line.rpartition("="))
            if line.strip() and not (name and sign and source):
                problems.append(self._problem(_("Line %(place)d: write it as claim = source."), place, name))
            elif name in claims:
                problems.append(self._problem(_("Line %(place)d: %(name)s stands above already."), place, name))
            elif name:
                claims[name] = source
        if problems:
            raise forms.ValidationError(problems)
        return claims

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether other claims were typed."""
        try:
            return not self.disabled and (initial or {}) != self.to_python(data)
        except forms.ValidationError:
            return True

    def _problem(self, text: Any, place: int, name: str) -> forms.ValidationError:
        return forms.ValidationError(text, code="line", params={"place": place, "name": name})

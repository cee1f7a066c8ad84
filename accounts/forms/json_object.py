"""A form field of a JSON object: shown over several lines, read strictly."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trust.lib.strict_json import MalformedJson, parse_json


class JsonObjectField(forms.CharField):
    """A JSON object. Its value is a dict; nothing typed is `empty`."""

    def __init__(self, *, empty: Any = None, rows: int = 8, **named: Any) -> None:
        """Show it in a box of a few lines."""
        self.empty = empty
        widget = forms.Textarea(attrs={"rows": rows, "cols": 80, "spellcheck": "false", "class": "json"})
        super().__init__(widget=widget, required=False, **named)

    def prepare_value(self, value: Any) -> Any:
        """Show an object as text, and an empty one as nothing; what was typed is shown as it was."""
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2) if value else ""

    def to_python(self, value: Any) -> Any:
        """Return the object that was typed."""
        text = str(value or "").strip()
        if not text:
            return self.empty
        try:
            read = parse_json(text.encode("utf-8", "surrogatepass"))
        except MalformedJson as malformed:
            raise forms.ValidationError(_("This is no JSON, or a name stands in it twice."), code="json") from malformed
        if not isinstance(read, dict):
            raise forms.ValidationError(_("Write a JSON object: names and values in braces."), code="object")
        return read

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another object was typed, however it is set out."""
        try:
            return not self.disabled and (initial or self.empty) != self.to_python(data)
        except forms.ValidationError:
            return True

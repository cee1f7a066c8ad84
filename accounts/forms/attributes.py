"""A person's own attributes: facts that an operator keeps of people, and tells clients of by their claim mapping."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop

from accounts.conf import LARGEST_ATTRIBUTES, LONGEST_ATTRIBUTE_NAME
from accounts.forms.json_object import JsonObjectField


def problem_with(attributes: object) -> str | None:
    """Return what is wrong with somebody's attributes, or None."""
    if not isinstance(attributes, dict):
        return gettext_noop("must be an object of names and values")
    if not all(_is_name(name) for name in attributes):
        return gettext_noop("has a name that is not of 1 to 100 visible characters, without spaces and =")
    return gettext_noop("is larger than 8 KiB") if _size_of(attributes) > LARGEST_ATTRIBUTES else None


class AttributesField(JsonObjectField):
    """The attributes of a person, as a JSON object."""

    def __init__(self, **named: Any) -> None:
        """Take nothing for no attributes."""
        super().__init__(empty={}, **named)

    def validate(self, value: Any) -> None:
        """Hold them to the rules of every door."""
        super().validate(value)
        if problem := problem_with(value):
            raise forms.ValidationError(gettext(problem), code="attributes")


def _is_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_ATTRIBUTE_NAME and name.isprintable() and not {" ", "="}.intersection(name)


def _size_of(attributes: Mapping[str, Any]) -> int:
    return len(json.dumps(attributes, ensure_ascii=False).encode())

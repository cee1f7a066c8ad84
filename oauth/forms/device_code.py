"""The form on which a person types the code of a device (RFC 8628 section 3.3)."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from oauth.services import user_codes

_LONGEST: Final = 40  # characters: a code with whatever a person puts between its letters


class DeviceCodeForm(forms.Form):
    """The code, in whatever case and with or without its dash."""

    user_code = forms.CharField(
        label=_("Code"),
        max_length=_LONGEST,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "user-code",
            }
        ),
    )


def typed_ahead(value: str) -> str:
    """Return the code that a link brings, as it is shown (section 3.3.1); nothing if it cannot be one."""
    letters = user_codes.letters_of(value[:_LONGEST])
    return user_codes.shown(letters) if user_codes.is_whole(letters) else ""

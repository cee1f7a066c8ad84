"""The form by which a person makes a personal access token."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_PERSONAL_TOKEN_NAME, PERSONAL_TOKEN_DAYS, PERSONAL_TOKEN_DEFAULT_DAYS
from oauth.protocol import rfc7591_values
from oauth.protocol.rfc7591_values import Malformed

_YEAR: Final = 365  # days


class PersonalAccessTokenForm(forms.Form):
    """What it is for, for how long, and what it may do: of that, what is offered alone."""

    required_css_class: ClassVar = "required"

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_PERSONAL_TOKEN_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What it is for, and where it is used: by this you know it again."),
    )
    lifetime = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=PERSONAL_TOKEN_DEFAULT_DAYS,
        help_text=_("Take no more than you need. Afterwards it is refused, and cannot be prolonged."),
    )
    scope = forms.MultipleChoiceField(
        label=_("It may"),
        error_messages={"required": _("Choose at least one: a token that may do nothing is of no use.")},
    )

    def __init__(self, *args: Any, offered: Iterable[str], **kwargs: Any) -> None:
        """Offer these scopes."""
        super().__init__(*args, **kwargs)
        self.fields["lifetime"].choices = [(days, _in_words(days)) for days in PERSONAL_TOKEN_DAYS]  # type: ignore[attr-defined]
        self.fields["scope"].choices = [(name, name) for name in offered]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse what nobody could read: the name stands on pages and in a mail."""
        name: str = self.cleaned_data["name"]
        try:
            return rfc7591_values.text(name)
        except Malformed as malformed:
            raise forms.ValidationError(gettext(malformed.message)) from malformed

    def kept(self) -> timedelta:
        """Return how long the token is to be good."""
        return timedelta(days=self.cleaned_data["lifetime"])


def _in_words(days: int) -> Any:
    return _("1 year") if days == _YEAR else ngettext_lazy("%(days)d day", "%(days)d days", "days") % {"days": days}

"""The form of a receiver. What we show of ourselves there is typed in and never shown again."""

import re
from collections.abc import Collection
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from trust.events.conf import LONGEST_AUTHORIZATION, LONGEST_URL
from trust.events.models import Receiver
from trust.events.receivers import Settings
from trust.events.vocabulary import EventType
from trust.lib.fetch_target import FetchRefused, parse_target

# A scheme and credentials (RFC 9110 section 11.4): nothing that could end the header.
_CREDENTIALS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+ [\x21-\x7e]+( [\x21-\x7e]+)*")


class ReceiverForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """What staff say of a receiver."""

    url = forms.CharField(
        label=_("URL"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(attrs={"size": 80, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("https, a public host, port 443 or from 1024 on. Redirects are not followed."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=EventType.choices, widget=forms.CheckboxSelectMultiple
    )
    authorization = forms.CharField(
        label=_("Authorization header"),
        required=False,
        max_length=LONGEST_AUTHORIZATION,
        widget=forms.PasswordInput(attrs={"size": 60, "autocomplete": "off"}),
        help_text=_("Sent with each request, such as “Bearer …”. Kept sealed, and never shown again."),
    )
    without_authorization = forms.BooleanField(label=_("Send no Authorization header any more"), required=False)

    class Meta:
        """The fields of the model; what else belongs to it has pages of its own."""

        model = Receiver
        fields = ("name", "url", "format", "events", "audience", "is_active")
        help_texts = {
            "audience": _("The “aud” of its Security Event Tokens; empty: its URL."),
            "is_active": _("What happens while it is off, it is never told."),
        }

    def __init__(self, *args: Any, **named: Any) -> None:
        """Offer the kinds that there are, and tick those that it has."""
        super().__init__(*args, **named)
        self.fields["events"].choices = [(kind.value, kind.label) for kind in EventType.subscribable()]  # type: ignore[attr-defined]
        self.initial["events"] = sorted(self.instance.kinds)
        if self.instance.sealed_authorization:
            self.fields["authorization"].widget.attrs["placeholder"] = _("there is one; empty: it stays")

    def clean_url(self) -> str:
        """Take only what a safe fetch would take: the address behind the name is looked at when it is fetched."""
        url = str(self.cleaned_data["url"])
        try:
            parse_target(url)
        except FetchRefused as refused:
            raise forms.ValidationError(
                _("This URL would not be asked: %(reason)s."), code="url", params={"reason": str(refused)}
            ) from refused
        return url

    def clean_authorization(self) -> str:
        """Take a scheme and credentials and nothing else: a line break would begin another header."""
        value = str(self.cleaned_data["authorization"] or "")
        if value and not _CREDENTIALS.fullmatch(value):
            raise forms.ValidationError(_("Write a scheme and credentials, such as “Bearer …”."), code="authorization")
        return value

    def clean_events(self) -> str:
        """Keep the kinds as the model does: words."""
        return " ".join(sorted(self.cleaned_data["events"]))

    def settings(self) -> Settings:
        """Return what was said."""
        said = self.cleaned_data
        events: Collection[str] = said["events"].split()
        removed = said.get("without_authorization", False)
        authorization = "" if removed else said["authorization"] or None
        return Settings(
            name=said["name"], url=said["url"], events=events, audience=said["audience"], authorization=authorization
        )

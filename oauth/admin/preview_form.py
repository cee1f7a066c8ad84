"""The form of a preview: of whom, and for which scopes."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oauth.protocol.preview import Preview, preview
from oauth.registered_client import RegisteredClient
from oauth.services import clients
from trust.lib import clock

_LONGEST_LOGIN = 254  # characters


class PreviewForm(forms.Form):
    """Asks for a person who may sign in to the client, and for scopes that it may ask for."""

    required_css_class = "required"
    person = forms.CharField(
        label=_("Person"),
        max_length=_LONGEST_LOGIN,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("A username, an e-mail address, or a person's ID."),
    )
    scope = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, client: RegisteredClient, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.client = client
        self.fields["scope"].choices = [(name, name) for name in client.scopes]  # type: ignore[attr-defined]
        self.fields["scope"].initial = list(client.scopes)

    def clean_person(self) -> User:
        """Refuse whom the client is told nothing of: nobody, or somebody who may not sign in to it."""
        typed: str = self.cleaned_data["person"]
        person = User.objects.by_login(typed).first() or User.objects.by_subject(typed).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has this username, address or ID."))
        if not person.is_active:
            raise forms.ValidationError(
                _("This person is deactivated, and cannot sign in: the client is told nothing.")
            )
        if not clients.admits(client_pk=self.client.pk, user_id=person.pk):
            raise forms.ValidationError(_("This person is in none of the groups that may sign in to the client."))
        user: User = person
        return user

    def preview(self) -> Preview:
        """Return what the client would be told. The form must be valid."""
        person, scope = self.cleaned_data["person"], tuple(self.cleaned_data["scope"])
        return preview(self.client, user_id=person.pk, scope=scope, issuer=settings.ISSUER, now=clock.now())

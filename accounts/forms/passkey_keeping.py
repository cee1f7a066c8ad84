"""The forms by which a person adds a passkey and names it."""

from typing import Any

from allauth.core import context as allauth_context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.conf import LONGEST_PASSKEY_NAME
from accounts.forms.passkey import PasskeyForm, taken
from accounts.services import passkeys
from trust.lib import clock
from trust.lib.origin import origin_of


class AddPasskeyForm(PasskeyForm):
    """A new passkey. Without a name it gets one: the key may have kept it by then."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_PASSKEY_NAME, required=False)
    field_order = ["name", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("name", self._usual_name())

    def clean_name(self) -> str:
        """Return the name, or the usual one."""
        return self.cleaned_data["name"] or self._usual_name()

    def checked(self, request: HttpRequest, answer: Any) -> dict[str, Any]:
        """Check the answer and return what is kept of it."""
        assert self.user is not None
        return passkeys.registered(user=self.user, ceremony=taken(request), answer=answer, now=clock.now())

    def _usual_name(self) -> str:
        return str(get_adapter().generate_authenticator_name(self.user, Authenticator.Type.WEBAUTHN))


class RenamePasskeyForm(forms.Form):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_PASSKEY_NAME)

    def __init__(self, *args: Any, instance: Authenticator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance
        self.initial.setdefault("name", instance.wrap().name)

    def save(self) -> Authenticator:
        """Keep the name."""
        request, name = allauth_context.request, self.cleaned_data["name"]
        passkeys.rename(user=self.instance.user, passkey=self.instance, name=name, origin=origin_of(request))
        return self.instance

"""What the doors take: the forms of the pages, so that every rule and every limit of theirs holds here too.

allauth's own inputs stand on its own forms, which count nothing.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.headless.account import inputs as account
from allauth.headless.internal.restkit.inputs import Input
from allauth.headless.mfa import inputs as mfa
from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import device_cookie
from accounts.conf import LONGEST_PASSKEY_NAME
from accounts.forms import mailed_code, one_time_code, passkey, passkey_keeping
from accounts.forms.address import AddEmailForm
from accounts.forms.password import ResetPasswordForm
from accounts.forms.signup import SignupForm
from accounts.models import User
from accounts.services import devices


class SignupInput(SignupForm, Input):
    """A sign-up; the wire says the password once. `came_second` where somebody was faster with the invitation."""

    came_second = False

    def __init__(self, data: Mapping[str, Any] | None = None, **named: Any) -> None:
        given = dict(data or {})
        password = given.get("password", "")
        super().__init__(given | {"password1": password, "password2": password}, **named)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account; where the page would begin anew, say so."""
        user, response = super().try_save(request)
        self.came_second = getattr(response, "url", "") == reverse("account_signup")
        return user, response


class LoginInput(account.LoginInput):
    """A username or an address, and a password. Who is shut out is answered as if the password were wrong."""

    def clean(self) -> dict[str, Any]:
        """Check the password; the guess was counted before."""
        cleaned: dict[str, Any] = super().clean()
        login = getattr(self, "login", None)
        if login is not None and not login.user.is_active:
            kind = "email" if cleaned.get("email") else "username"
            self.add_error("password", get_adapter().validation_error(f"{kind}_password_mismatch"))
        return cleaned


class RequestPasswordResetInput(ResetPasswordForm, Input):
    """The address of who forgot the password."""


class ChangePasswordInput(account.ChangePasswordInput):
    """The present password, guessed at here as at every other door, and the new one."""

    def clean_current_password(self) -> str:
        """Return the present password if it is right. Raises LimitExceeded."""
        if self.user.has_usable_password():
            devices.take_guess(user=self.user, target=str(self.user.pk), marks=device_cookie.marks_of(context.request))
        current: str = super().clean_current_password()
        return current


class AddEmailInput(AddEmailForm, Input):
    """The address to change to."""


class RequestCodeInput(mailed_code.RequestCodeForm, Input):
    """The address to which a sign-in code is to go."""


class ConfirmCodeInput(mailed_code.ConfirmCodeForm, Input):
    """The code of the mail."""


class AuthenticateInput(one_time_code.AuthenticateForm, Input):
    """The second step of a sign-in."""


class ReauthenticateInput(one_time_code.ReauthenticateForm, Input):
    """A fresh proof by a one-time code."""


class _WithCredential:
    """Hands a passkey's answer, an object on the wire, to a form that takes it as text."""

    def __init__(self, data: Mapping[str, Any] | None = None, **named: Any) -> None:
        given = dict(data or {})
        if "credential" in given:
            given["credential"] = json.dumps(given["credential"])
        super().__init__(given, **named)  # type: ignore[call-arg]


class LoginPasskeyInput(_WithCredential, passkey.LoginPasskeyForm, Input):
    """A sign-in by a passkey alone."""


class AuthenticatePasskeyInput(_WithCredential, passkey.AuthenticatePasskeyForm, Input):
    """The second step of a sign-in, by a passkey."""


class ReauthenticatePasskeyInput(_WithCredential, passkey.ReauthenticatePasskeyForm, Input):
    """A fresh proof by a passkey."""


class AddPasskeyInput(_WithCredential, passkey_keeping.AddPasskeyForm, Input):
    """A new passkey."""


class RenamePasskeyInput(mfa.UpdateWebAuthnInput):
    """Another name for a passkey."""

    name = forms.CharField(max_length=LONGEST_PASSKEY_NAME)


class _SessionIds(forms.Field):
    """Ids of sessions, as a list."""

    def to_python(self, value: Any) -> list[uuid.UUID]:
        """Return the ids. Raises ValidationError."""
        try:
            return [uuid.UUID(each) for each in value or []]
        except (AttributeError, TypeError, ValueError) as malformed:
            raise forms.ValidationError(_("Not a list of ids of sessions."), code="invalid") from malformed


class EndSessionsInput(Input):
    """The sessions to end."""

    sessions = _SessionIds()

"""The doors of factors: the second step of a sign-in, fresh proofs, and what a person has of them."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal.httpkit import authenticated_user
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.internal.restkit.response import ErrorResponse
from allauth.headless.mfa import response, views
from allauth.headless.mfa.inputs import DeleteWebAuthnInput
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.flows import deactivate_totp
from allauth.mfa.webauthn.internal.flows import remove_authenticator
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.api.headless import inputs
from accounts.api.headless.door import Door
from accounts.forms.passkey import keep
from accounts.models import User
from accounts.services import passkeys
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import PASSKEY_BY_ADDRESS


class AuthenticateView(Door, views.AuthenticateView):
    """The second step of a sign-in, by a code."""

    input_class = inputs.AuthenticateInput


class ReauthenticateView(Door, views.ReauthenticateView):
    """A fresh proof by a code."""

    input_class = inputs.ReauthenticateInput


class AuthenticatorsView(Door, views.AuthenticatorsView):
    """The factors that a person has."""


class TOTPView(Door, views.ManageTOTPView):
    """The authenticator app."""

    is_sensitive = True

    @transaction.atomic
    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give it up, unless the account needs it."""
        return _given_up(request, filter(None, [self._get_authenticator()]), deactivate_totp)


class RecoveryCodesView(Door, views.ManageRecoveryCodesView):
    """The recovery codes."""

    is_sensitive = True


class PasskeysView(Door, views.ManageWebAuthnView):
    """One's passkeys: what to ask a browser for a new one, add it, name it, give it up."""

    is_sensitive = True

    structured = frozenset({"credential", "authenticators"})
    input_class = {"POST": inputs.AddPasskeyInput, "PUT": inputs.RenamePasskeyInput, "DELETE": DeleteWebAuthnInput}

    def wants_fresh_proof(self, request: HttpRequest) -> bool:
        """Ask for one also where a browser is to be asked for a new passkey."""
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin the ceremony."""
        options, ceremony = passkeys.begin_registration(user=authenticated_user(request), now=clock.now())
        keep(request, ceremony)
        answer: HttpResponse = response.AddWebAuthnResponse(request, options)
        return answer

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the name."""
        passkey, name = self.input.cleaned_data["id"], self.input.cleaned_data["name"]
        passkeys.rename(user=authenticated_user(request), passkey=passkey, name=name, origin=origin_of(request))
        passkey.refresh_from_db()
        answer: HttpResponse = response.AuthenticatorResponse(request, passkey)
        return answer

    @transaction.atomic
    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give them up, unless the account needs one of them."""
        return _given_up(request, self.input.cleaned_data["authenticators"], remove_authenticator)


class AuthenticatePasskeyView(Door, views.AuthenticateWebAuthnView):
    """The second step of a sign-in, by a passkey."""

    structured = frozenset({"credential"})
    input_class = {"POST": inputs.AuthenticatePasskeyInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a passkey of the person whose first step was right."""
        return _asked(request, self.stage.login.user)


class ReauthenticatePasskeyView(Door, views.ReauthenticateWebAuthnView):
    """A fresh proof by a passkey."""

    structured = frozenset({"credential"})
    input_class = {"POST": inputs.ReauthenticatePasskeyInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a passkey of the person who is signed in."""
        return _asked(request, authenticated_user(request))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Note the proof."""
        self.input.save()
        answer: HttpResponse = AuthenticationResponse(request)
        return answer


class LoginPasskeyView(Door, views.LoginWebAuthnView):
    """A sign-in by a passkey alone."""

    is_entrance = True
    structured = frozenset({"credential"})
    input_class = {"POST": inputs.LoginPasskeyInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a passkey of whoever it is. Raises LimitExceeded."""
        rates.take(PASSKEY_BY_ADDRESS, origin_of(request).client_address)
        return _asked(request, None)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign in; what else is missing, such as a proved address, is asked as after a password."""
        self.input.save()
        perform_login(request, Login(user=self.input.cleaned_data["credential"].passkey.user))
        answer: HttpResponse = AuthenticationResponse(request)
        return answer


def _asked(request: HttpRequest, user: User | None) -> HttpResponse:
    options, ceremony = passkeys.begin_authentication(user=user, now=clock.now())
    keep(request, ceremony)
    answer: HttpResponse = response.WebAuthnRequestOptionsResponse(request, options)
    return answer


def _given_up(
    request: HttpRequest, going: Iterable[Authenticator], remove: Callable[[HttpRequest, Authenticator], None]
) -> HttpResponse:
    """Remove factors, all or none: each is looked at after those before it are gone, of two requests at once too."""
    User.objects.by_id(authenticated_user(request).pk).hold()
    for factor in going:
        if why := get_adapter().why_kept(factor):
            transaction.set_rollback(True)
            kept: HttpResponse = ErrorResponse(request, exception=get_adapter().validation_error(why))
            return kept
        remove(request, factor)
    answer: HttpResponse = response.AuthenticatorsDeletedResponse(request)
    return answer

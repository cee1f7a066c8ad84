"""The doors of the account: sign-up, sign-in, verification, password, addresses."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import authenticated_user
from allauth.headless.account import views
from allauth.headless.account.inputs import DeleteEmailInput, MarkAsPrimaryEmailInput, ResendEmailVerificationInput
from allauth.headless.base.response import (
    AuthenticationResponse,
    ConflictResponse,
    ForbiddenResponse,
    get_config_data,
)
from allauth.headless.base.views import APIView
from allauth.headless.internal.restkit.response import APIResponse, ErrorResponse
from allauth.headless.mfa.response import get_config_data as get_factor_config
from django.http import HttpRequest, HttpResponse

from accounts.api.headless import inputs
from accounts.api.headless.door import Door
from accounts.forms import invited
from accounts.services import invitations, mail_limits
from accounts.views.address import is_for_another
from accounts.views.mailed_code import send_code
from trust.lib.origin import origin_of
from trust.limits import guesses
from trust.limits.conf import ADDRESS_CHANGE, ADDRESS_CHANGE_BY_ADDRESS


class ConfigView(Door, APIView):
    """What is switched on here."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return it."""
        answer: HttpResponse = APIResponse(request, data={**get_config_data(request), **get_factor_config(request)})
        return answer


class SessionView(Door, views.SessionView):
    """Who is signed in; and the sign-out."""


class SignupView(Door, views.SignupView):
    """A new account: by whom SIGNUP lets in, or by an invitation, whose secret is the member `invitation`."""

    is_entrance = True
    input_class = {"POST": inputs.SignupInput}

    def handle_input(self, data: dict[str, Any] | None) -> HttpResponse | None:
        """Look first whether the door is open, then at what was sent."""
        secret = str((data or {}).get("invitation", ""))
        if secret and invitations.find(secret):
            invited.remember(self.request, secret)
        if not get_adapter().is_open_for_signup(self.request):
            forbidden: HttpResponse = ForbiddenResponse(self.request)
            return forbidden
        refused: HttpResponse | None = super().handle_input(data)
        return refused

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the account. Of two at once with one username or invitation, the second is told so."""
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if self.input.errors:
            return self.handle_invalid_input(self.input)
        return ConflictResponse(request) if self.input.came_second else answer


class LoginView(Door, views.LoginView):
    """A sign-in by password."""

    is_entrance = True
    input_class = inputs.LoginInput


class RequestCodeView(Door, views.RequestLoginCodeView):
    """A sign-in by a mailed code: asking for it."""

    is_entrance = True
    input_class = inputs.RequestCodeInput

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the code, or what else there is to say to the address."""
        send_code(request, email=self.input.cleaned_data["email"], person=self.input.person, redirect_url=None)
        answer: HttpResponse = AuthenticationResponse(request)
        return answer


class ConfirmCodeView(Door, views.ConfirmLoginCodeView):
    """A sign-in by a mailed code: giving it."""

    is_entrance = True
    input_class = inputs.ConfirmCodeInput

    def get_input_kwargs(self) -> dict[str, Any]:
        """Let the form see whose code it is."""
        return {**super().get_input_kwargs(), "process": self.process}


class VerifyEmailView(Door, views.VerifyEmailView):
    """The proof of an address by the key of the mailed link. A change of address is its own person's to confirm."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return whose address the key is for; nothing is changed."""
        sent = self.input_class({"key": request.headers.get("x-email-verification-key", "")})
        if sent.is_valid() and is_for_another(request, sent.verification.email_address):
            forbidden: HttpResponse = ForbiddenResponse(request)
            return forbidden
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm the address, unless somebody else has it by now."""
        if is_for_another(request, self.input.verification.email_address):
            forbidden: HttpResponse = ForbiddenResponse(request)
            return forbidden
        answer: HttpResponse = super().post(request, *args, **kwargs)
        if answer.status_code != 500:
            return answer
        taken: HttpResponse = ErrorResponse(request, exception=get_adapter().validation_error("email_taken"))
        return taken


class RequestPasswordResetView(Door, views.RequestPasswordResetView):
    """The link by which to choose a new password."""

    input_class = inputs.RequestPasswordResetInput


class ResetPasswordView(Door, views.ResetPasswordView):
    """A new password by the key of the mailed link. It signs nobody in."""


class ChangePasswordView(Door, views.ChangePasswordView):
    """A new password in place of the present one, or the first one."""

    input_class = inputs.ChangePasswordInput

    def wants_fresh_proof(self, request: HttpRequest) -> bool:
        """Take the present password for one, where there is one."""
        return not authenticated_user(request).has_usable_password()


class EmailView(Door, views.ManageEmailView):
    """One's address, and the change of it."""

    is_sensitive = True

    input_class = {
        "POST": inputs.AddEmailInput,
        "PUT": ResendEmailVerificationInput,
        "PATCH": MarkAsPrimaryEmailInput,
        "DELETE": DeleteEmailInput,
    }

    def put(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the mail again; it is counted as the first was. Raises LimitExceeded."""
        to, origin = self.input.cleaned_data["email"].email, origin_of(request)
        guesses.take(ADDRESS_CHANGE, str(self.user.pk))
        mail_limits.take(to=to, origin=origin, by_address=ADDRESS_CHANGE_BY_ADDRESS)
        answer: HttpResponse = super().put(request, *args, **kwargs)
        return answer


class ReauthenticateView(Door, views.ReauthenticateView):
    """A fresh proof by the password."""

"""The pages of passkeys: add, rename, remove; sign in by one, as the second step too, and prove oneself once more.

They stand in place of allauth's at the same addresses, for their forms check more (accounts/forms/passkey.py).
"""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.account.views import BaseReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView

from accounts import second_factor
from accounts.forms.passkey import AuthenticatePasskeyForm, LoginPasskeyForm, ReauthenticatePasskeyForm
from accounts.forms.passkey_keeping import AddPasskeyForm, RenamePasskeyForm
from accounts.models import User
from accounts.views.person import person_of


class AuthenticateView(base.AuthenticateView):
    """The second step of a sign-in: a code, or a passkey, whichever the person has."""

    webauthn_form_class = AuthenticatePasskeyForm
    webauthn_form: AuthenticatePasskeyForm | None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which of the two there are; allauth's own question is not asked."""
        passkey_form, self.webauthn_form = self.webauthn_form, None
        user = self.stage.login.user
        return {
            **super().get_context_data(**kwargs),
            "passkey_form": passkey_form if second_factor.has_one(user, kinds=["webauthn"]) else None,
            "takes_codes": second_factor.has_one(user, kinds=["totp", "recovery_codes"]),
        }


@method_decorator(login_required, name="dispatch")
class ReauthenticateView(BaseReauthenticateView):
    """A fresh proof by a passkey."""

    form_class = ReauthenticatePasskeyForm
    template_name = "mfa/webauthn/reauthenticate.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the form its person."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: ReauthenticatePasskeyForm) -> HttpResponse:
        """Note the proof, and go on to what asked for it."""
        form.save()
        response: HttpResponse = super().form_valid(form)
        return response


class LoginView(webauthn.LoginWebAuthnView):
    """A sign-in by a passkey alone, from the button of the sign-in page."""

    form_class = LoginPasskeyForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the sign-in page: the button is there."""
        return redirect("account_login")

    def get_form_class(self) -> type[LoginPasskeyForm]:
        """Take ours."""
        return LoginPasskeyForm

    def form_invalid(self, form: LoginPasskeyForm) -> HttpResponse:
        """Say what is wrong on the sign-in page, which still knows where to go."""
        for message in form.errors.get("credential", []):
            messages.error(self.request, str(message))
        return redirect(passthrough_next_redirect_url(self.request, reverse("account_login"), REDIRECT_FIELD_NAME))

    def form_valid(self, form: LoginPasskeyForm) -> HttpResponse:
        """Sign in; what else is missing, such as a proved address, is asked as after a password."""
        form.save()
        user, wanted = form.cleaned_data["credential"].passkey.user, get_next_redirect_url(self.request)
        response: HttpResponse = perform_login(self.request, Login(user=user, redirect_url=wanted))
        return response


@method_decorator([redirect_if_add_not_allowed, reauthentication_required(app="allauth.mfa")], name="dispatch")
class AddView(FormView):  # type: ignore[type-arg]
    """A new passkey."""

    form_class = AddPasskeyForm
    template_name = "mfa/webauthn/add_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the form its person."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: AddPasskeyForm) -> HttpResponse:
        """Keep the passkey; who had no factor before gets recovery codes, and sees them."""
        kept = form.cleaned_data
        _passkey, codes = flows.add_authenticator(self.request, name=kept["name"], credential=kept["credential"])
        return redirect("mfa_view_recovery_codes" if codes else "mfa_list_webauthn")


class EditView(webauthn.EditWebAuthnView):
    """Another name for a passkey."""

    form_class = RenamePasskeyForm

    def get_form_class(self) -> type[RenamePasskeyForm]:
        """Take ours."""
        return RenamePasskeyForm


class RemoveView(webauthn.RemoveWebAuthnView):
    """The end of a passkey, unless the account needs it."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it; of two that are removed at once, the second is looked at after the first is gone."""
        User.objects.by_id(person_of(self.request).pk).hold()
        why = get_adapter().why_kept(self.get_object())
        if why:
            messages.error(self.request, get_adapter().error_messages[why])
            return redirect("mfa_list_webauthn")
        response: HttpResponse = super().form_valid(form)
        return response


@login_required
def prove_again(request: HttpRequest) -> HttpResponse:
    """Lead a person to where they prove themselves by their strongest factor, and on to `next`."""
    ways = {
        "webauthn": "mfa_reauthenticate_webauthn",
        "totp": "mfa_reauthenticate",
        "recovery_codes": "mfa_reauthenticate",
    }
    page = next((page for kind, page in ways.items() if second_factor.has_one(request.user, kinds=[kind])), "mfa_index")
    return redirect(passthrough_next_redirect_url(request, reverse(page), REDIRECT_FIELD_NAME))

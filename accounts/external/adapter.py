"""allauth's decisions about external accounts, answered by ours: nothing is linked by an address, ever."""

import secrets
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.external.provider import LOGIN
from accounts.forms import invited
from accounts.models import User
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import SIGN_UP_BY_ADDRESS


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """External accounts as we want them."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Return the providers; one of the environment stands before one of the table with its id."""
        found: list[SocialApp] = super().list_apps(request, provider=provider, client_id=client_id)
        by_id = {app.provider_id: app for app in sorted(found, key=lambda app: app.pk is None)}
        return list(by_id.values())

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Leave it at what Identity judged."""
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never sign in to an account, and never link one, because an address is the same."""
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """Return a `state` that nobody guesses (RFC 6749 section 10.12)."""
        return secrets.token_urlsafe(32)

    def get_requests_session(self) -> NoReturn:
        """Refuse: what goes out goes through trust.lib.fetch."""
        raise NotImplementedError

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, str]) -> User:
        """Give a new person the claims that the provider told."""
        user: User = sociallogin.user
        for name, value in data.items():
            setattr(user, name, value)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Say how to connect an account that exists: to all whose address is not proved, so that it tells nothing."""
        email = sociallogin.user.email
        proved = any(known.verified for known in sociallogin.email_addresses)
        is_new = not sociallogin.is_existing and sociallogin.state["process"] == LOGIN
        if is_new and email and (not proved or User.objects.holding(email).exists()):
            words = _("If this address has an account here already: sign in to it, then connect %(provider)s there.")
            messages.info(request, words % {"provider": sociallogin.provider.name})

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Tell whether the form can be left out: not if it would refuse the address."""
        invitation = invited.invitation_of(request)
        if invitation is not None and invitation.email != sociallogin.user.email:
            return False
        try:
            get_account_adapter(request).clean_email(sociallogin.user.email)
        except ValidationError:
            return False
        return bool(super().is_auto_signup_allowed(request, sociallogin))

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the person, the address and the link, all or none. Raises LimitExceeded, InvitationRefused."""
        if form is None:
            rates.take(SIGN_UP_BY_ADDRESS, origin_of(request).client_address)
        else:
            typed = form.cleaned_data["email"]
            sociallogin.email_addresses = [known for known in sociallogin.email_addresses if known.email == typed]
        invitation = invited.invitation_of(request)
        user: User = super().save_user(request, sociallogin, form=form)
        if invitation is not None or settings.SIGNUP == "invite":
            invited.take(request, user)
        return user

"""The door through which allauth comes in: its decisions answered by ours."""

from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.external import reauthentication
from accounts.models import User
from accounts.services import people
from trust.lib.origin import origin_of
from trust.lib.sealing import seal, unseal
from trust.limits import guesses, rates
from trust.limits.conf import SIGN_IN, SIGN_IN_BY_ADDRESS
from trust.limits.errors import LimitExceeded


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and mail as we want them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether strangers may make an account: the setting SIGNUP."""
        return bool(settings.SIGNUP == "open")

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002
        """Normalise before checking, so that no two usernames look alike by their encoding."""
        cleaned: str = super().clean_username(User.normalize_username(username), shallow=shallow)
        return cleaned

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """Name a person who chose no username, never after their address."""
        return people.unused_username()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password on a page; too many guesses are a plain sentence there."""
        try:
            return self.authenticate_counted(request, **credentials)
        except LimitExceeded as exceeded:
            raise self.validation_error("too_many_login_attempts") from exceeded

    def authenticate_counted(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password at any door, counting the guess before it is hashed. Raises LimitExceeded."""
        login = str(credentials.get("email") or credentials.get("username") or "")
        rates.take(SIGN_IN_BY_ADDRESS, origin_of(request).client_address)
        named = User.objects.by_login(login).first()
        target = str(named.pk) if named else login
        guesses.take(SIGN_IN, target)
        user: User | None = super().authenticate(request, **credentials)
        if user is None or user != named:  # the library also knows addresses that somebody has only asked to change to
            # What names nobody may be a password in the wrong field: it is not kept.
            identifier = login if named or "@" in login else ""
            people.note(action="sign_in.refused", user=named, origin=origin_of(request), identifier=identifier)
            return None
        guesses.reset(SIGN_IN, target)
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign a browser in, keeping how the person proved who they are: Django may flush the session."""
        request.authentication_records = get_authentication_records(request, user)  # type: ignore[attr-defined]
        super().login(request, user)

    def set_password(self, user: Any, password: str) -> None:
        """Set, change or reset a password: one transaction with the end of the other sessions."""
        request = allauth_context.request
        session = getattr(request, "account_session", None)
        keep = session.pk if session is not None and session.user_id == user.pk else None
        people.replace_password(user=user, password=password, keep=keep, origin=origin_of(request))

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Make a proved address the person's, wholly or not at all: somebody else may have it by now."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            context = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context)
            return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how a person can prove it is them once more: their external accounts after what they have here."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [*ways, *reauthentication.methods(allauth_context.request, user)] if user.is_authenticated else ways

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail whose links lead to ISSUER, whatever Host header the request had."""
        rebased = {name: _at_issuer(value) if name.endswith("_url") else value for name, value in context.items()}
        brand = {"brand_name": settings.BRAND_NAME, "site_url": settings.ISSUER}
        super().send_mail(template_prefix, email, rebased | brand)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's address as the rest of the house sees it."""
        return origin_of(request).client_address


class MFAAdapter(DefaultMFAAdapter):
    """Factors: their secrets sealed, and never the last one given up for a short password."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your password is too short to protect your account alone. Choose a longer one first."
        ),
        "too_many_code_attempts": _("Too many codes were tried. Wait a little and try again."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a factor's secret."""
        return seal(text.encode(), purpose="factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a factor's secret."""
        return unseal(encrypted_text, purpose="factor").decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether a factor may go: not the last one beside a short password (NIST SP 800-63B-4 3.1.1.2)."""
        real = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
        others = (other for other in authenticator.user.authenticator_set.all() if other.pk != authenticator.pk)
        return bool(authenticator.user.has_long_password or any(other.type in real for other in others))


def _at_issuer(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.ISSUER}{urlunsplit(('', '', parts.path, parts.query, ''))}"

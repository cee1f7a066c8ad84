"""The door through which allauth comes in: its decisions answered by ours."""

from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import device_cookie, half_signed_in
from accounts.external import reauthentication
from accounts.forms import invited
from accounts.forms.email_domains import check_domain
from accounts.models import User
from accounts.services import explained, letters, mail_limits, passkeys, passwords, people
from accounts.user_agent import describe
from accounts.views import recent_proof
from accounts.views.closing import remember_closed
from accounts.webauthn.asking import relying_party
from trust.explain.vocabulary import Found
from trust.lib.origin import origin_of
from trust.lib.sealing import seal, unseal
from trust.limits.errors import LimitExceeded


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and mail as we want them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell whether who asks may make an account: the setting SIGNUP, and the invitation that they came by."""
        return settings.SIGNUP == "open" or invited.invitation_of(request) is not None

    def clean_email(self, email: str) -> str:
        """Refuse an address of a domain that may have no accounts, at sign-up and at a change."""
        cleaned: str = super().clean_email(email)
        check_domain(cleaned)
        return cleaned

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
        """Check a password by allauth, counting the guess before it is hashed. Raises LimitExceeded."""
        # What allauth checks, its own limits too, comes after ours.
        judge = partial(super().authenticate, request, **credentials)
        proved = passwords.judged(
            lambda _: judge(),
            login=str(credentials.get("email") or credentials.get("username") or ""),
            marks=device_cookie.marks_of(request),
            origin=origin_of(request),
        )
        if proved is None:
            return None
        proved.budget.reset()
        return proved.user

    def pre_login(self, request: HttpRequest, user: Any, **named: Any) -> HttpResponse | None:
        """Begin a sign-in, before its stages."""
        half_signed_in.begin(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **named)
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign a browser in, keeping how the person proved who they are: Django may flush the session."""
        if half_signed_in.end_if_overtaken(request, user):
            messages.error(request, _("Your password was replaced meanwhile. Sign in with the new one."))
            raise ImmediateHttpResponse(redirect("account_login"))
        request.authentication_records = get_authentication_records(request, user)  # type: ignore[attr-defined]
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say that the account is shut; to who has just proved that it is theirs, also that they closed it."""
        remember_closed(request, user)
        explained.refused(Found.ACCOUNT_DEACTIVATED, error="account_inactive", step="is_active", person=user.pk)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Set, change or reset a password: one transaction with the end of the other sessions."""
        request = allauth_context.request
        session = getattr(request, "account_session", None)
        keep = session.pk if session is not None and session.user_id == user.pk else None
        marks = device_cookie.marks_of(request)
        people.replace_password(user=user, password=password, keep=keep, marks=marks, origin=origin_of(request))

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Make a proved address the person's, wholly or not at all: somebody else may have it by now."""
        # The sign-in that waits for this ends with it.
        request.waiting_led_to = half_signed_in.going_to(request)  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            context = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context)
            return False

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Return where to go with a proved address: to the sign-in, and on to where the sign-up was to lead."""
        url: str = super().get_email_verification_redirect_url(email_address)
        led_to = getattr(self.request, "waiting_led_to", "")
        leads_on = led_to and not self.request.user.is_authenticated
        return f"{resolve_url(url)}?{urlencode({'next': led_to})}" if leads_on else url

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Tell whether a change wants a proof of a moment ago; who proves themselves elsewhere is asked here."""
        is_required: bool = super().is_reauthentication_required(app=app, **named)
        if is_required:
            recent_proof.check_who_has_no_way_here(allauth_context.request)
        return is_required

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how a person can prove it is them once more: their external accounts after what they have here."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for way in ways:
            if way["id"] == "mfa_reauthenticate:webauthn":
                way["description"] = _("Use a passkey")
        return [*ways, *reauthentication.methods(allauth_context.request, user)] if user.is_authenticated else ways

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: Any, signup: bool) -> bool:  # noqa: FBT001
        """Tell whether to send the link once more, at a sign-in; those of a sign-up were counted before."""
        return signup or mail_limits.may_repeat(to=email_address.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail in the person's language whose links lead to ISSUER, whatever Host header the request had."""
        rebased = {name: _at_issuer(value) if name.endswith("_url") else value for name, value in context.items()}
        brand = {"brand_name": settings.BRAND_NAME, "site_url": settings.ISSUER, "signup": settings.SIGNUP}
        person = context.get("user") or User.objects.by_email(email).first()
        with translation.override(letters.language_of(person)):
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
        "only_way_in": _("This passkey is the only way into your account. Set a password or add another one first."),
        "passkey_refused": _("That passkey could not be checked. Try again, or use another way."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a factor's secret."""
        return seal(text.encode(), purpose="factor")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a factor's secret."""
        return unseal(encrypted_text, purpose="factor").decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether a factor may go."""
        return not self.why_kept(authenticator)

    def why_kept(self, authenticator: Authenticator) -> str:
        """Return why a factor may not go, as a key of the messages; empty if it may.

        Not the last one beside a short password (NIST SP 800-63B-4 3.1.1.2), and not the only way into the account.
        """
        user = authenticator.user
        if authenticator.type == Authenticator.Type.WEBAUTHN and passkeys.is_only_way_in(
            user=user, passkey=authenticator
        ):
            return "only_way_in"
        real = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
        others = (other for other in user.authenticator_set.all() if other.pk != authenticator.pk)
        if user.has_long_password or not user.has_usable_password() or any(other.type in real for other in others):
            return ""
        return "cannot_delete_authenticator"

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        """Name a new passkey after where it was made."""
        return describe(origin_of(allauth_context.request).user_agent)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return who asks for a passkey: ISSUER, whatever Host header the request had."""
        return relying_party()


def _at_issuer(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.ISSUER}{urlunsplit(('', '', parts.path, parts.query, ''))}"

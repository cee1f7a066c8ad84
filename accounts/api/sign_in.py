"""Signing in by JSON: the same authentication and the same limits as the page, and a second factor never skipped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.utils import has_verified_email
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.http import HttpRequest

from accounts import device_cookie, second_factor
from accounts.authentication import Authentication, by_password, by_password_and_code
from accounts.errors import BadCredentials, CodeRefused, EmailUnverified
from accounts.forms.one_time_code import AuthenticateForm
from accounts.models import Session, User
from accounts.services import challenges, passkeys, sign_ins
from trust.lib.origin import origin_of
from trust.limits.errors import LimitExceeded

# What allauth's own limit, the second line, says of when to come again: its longest window, in seconds.
_SECOND_LINE_WAIT: Final = 300


@dataclass(frozen=True, slots=True)
class FactorNeeded:
    """The password was right; a factor is still asked for. `methods` are those that can answer.

    `public_key` is what to ask a passkey, where the person has one (Web Authentication Level 3 section 5.1.9).
    """

    challenge: str
    methods: tuple[str, ...]
    public_key: dict[str, Any] | None


def with_password(request: HttpRequest, *, login: str, password: str, now: datetime) -> Session | FactorNeeded:
    """Sign in by username or address and password.

    Raises BadCredentials (a disabled account too), EmailUnverified, LimitExceeded.
    """
    user = _authenticated(request, login, password)
    if user is None or not user.is_active:
        raise BadCredentials
    check_verified(user)
    if second_factor.has_one(user):
        return _factor_needed(user, now)
    return started(request, user, by_password(auth_time=now))


def with_code(request: HttpRequest, *, challenge: str, code: str, now: datetime) -> Session:
    """Answer a challenge by a one-time or a recovery code. Raises ChallengeRefused, CodeRefused."""
    user = challenges.attempt(challenge=challenge)
    form = AuthenticateForm({"code": code}, user=user)
    if not form.is_valid():
        raise CodeRefused
    form.authenticator.record_usage()
    challenges.consume(challenge=challenge)
    return started(request, user, by_password_and_code(auth_time=now))


def check_verified(user: User) -> None:
    """Check that the person has proved an address, where the house demands it. Raises EmailUnverified."""
    if settings.EMAIL_VERIFICATION == "mandatory" and not has_verified_email(user):
        raise EmailUnverified


def started(request: HttpRequest, user: User, authentication: Authentication) -> Session:
    """Begin the session of a sign-in by JSON."""
    session, _ = sign_ins.begin(
        user=user,
        kind=Session.Kind.API,
        authentication=authentication,
        marks=device_cookie.marks_of(request),
        origin=origin_of(request),
    )
    return session


def _authenticated(request: HttpRequest, login: str, password: str) -> User | None:
    named = {"email": login} if "@" in login else {"username": login}
    try:
        user: User | None = get_adapter(request).authenticate_counted(request, **named, password=password)
    except forms.ValidationError as limited:
        raise LimitExceeded(_SECOND_LINE_WAIT) from limited
    return user


def _methods(user: User) -> tuple[str, ...]:
    return tuple(kind for kind in Authenticator.Type.values if second_factor.has_one(user, kinds=[kind]))


def _factor_needed(user: User, now: datetime) -> FactorNeeded:
    methods = _methods(user)
    if Authenticator.Type.WEBAUTHN not in methods:
        return FactorNeeded(challenges.open_for(user=user, auth_time=now), methods, public_key=None)
    options, ceremony = passkeys.begin_authentication(user=user, now=now)
    challenge = challenges.open_for(user=user, auth_time=now, ceremony=ceremony)
    return FactorNeeded(challenge, methods, public_key=options["publicKey"])

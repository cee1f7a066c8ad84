"""Signing in by JSON: the same authentication and the same limits as the page, and a second factor never skipped."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self

from allauth.account.utils import has_verified_email
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts import device_cookie, second_factor
from accounts.authentication import Authentication, by_password, by_password_and_code
from accounts.errors import BadCredentials, CodeRefused, EmailUnverified
from accounts.forms.one_time_code import AuthenticateForm
from accounts.models import User
from accounts.models.login import Named
from accounts.models.session_rotation import RefreshedSession
from accounts.services import challenges, explained, passkeys, passwords, sign_ins
from accounts.services.devices import Budget
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin, origin_of


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks to sign in: where they are, and the marks that their browser presents, if they have one."""

    origin: Origin
    marks: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return who sent a request."""
        return cls(origin_of(request), device_cookie.marks_of(request))


@dataclass(frozen=True, slots=True)
class FactorNeeded:
    """The password was right; a factor is still asked for. `methods` are those that can answer.

    `public_key` is what to ask a passkey, where the person has one (Web Authentication Level 3 section 5.1.9).
    """

    challenge: str
    methods: tuple[str, ...]
    public_key: dict[str, Any] | None


def with_password(caller: Caller, *, login: str, password: str, now: datetime) -> RefreshedSession | FactorNeeded:
    """Sign in by username or address and password.

    Raises BadCredentials (a disabled account too), EmailUnverified, LimitExceeded.
    """
    judge = partial(passwords.of_named, login=login, password=password)
    proved = passwords.judged(judge, login=login, marks=caller.marks, origin=caller.origin)
    if proved is None:
        raise BadCredentials
    if _needs_nothing_more(proved.named):
        return started(caller, proved.user, by_password(auth_time=now), budget=proved.budget)
    proved.budget.reset()
    _check_admitted(proved.named)
    return _factor_needed(proved.user, now)


def with_code(caller: Caller, *, challenge: str, code: str, now: datetime) -> RefreshedSession:
    """Answer a challenge by a one-time or a recovery code. Raises ChallengeRefused, CodeRefused."""
    user = challenges.attempt(challenge=challenge)
    form = AuthenticateForm({"code": code}, user=user)
    if not form.is_valid():
        raise CodeRefused
    form.authenticator.record_usage()
    challenges.consume(challenge=challenge)
    return started(caller, user, by_password_and_code(auth_time=now))


def check_verified(user: User) -> None:
    """Check that the person has proved an address, where the house demands it. Raises EmailUnverified."""
    if _wants_address() and not has_verified_email(user):
        raise EmailUnverified


def started(
    caller: Caller, user: User, authentication: Authentication, *, budget: Budget | None = None
) -> RefreshedSession:
    """Begin the session of a sign-in by JSON, and forget the guesses that `budget` says were counted."""
    return sign_ins.begin_for_api(
        user=user, authentication=authentication, marks=caller.marks, origin=caller.origin, budget=budget
    )


def _wants_address() -> bool:
    return bool(settings.EMAIL_VERIFICATION == "mandatory")


def _needs_nothing_more(named: Named) -> bool:
    return named.user.is_active and not named.has_factor and (named.has_proved_address or not _wants_address())


def _check_admitted(named: Named) -> None:
    if not named.user.is_active:
        person = named.user.pk
        explained.refused(Found.ACCOUNT_DEACTIVATED, error="invalid_credentials", step="is_active", person=person)
        raise BadCredentials
    if _wants_address() and not named.has_proved_address:
        raise EmailUnverified


def _methods(user: User) -> tuple[str, ...]:
    return tuple(kind for kind in Authenticator.Type.values if second_factor.has_one(user, kinds=[kind]))


def _factor_needed(user: User, now: datetime) -> FactorNeeded:
    methods = _methods(user)
    if Authenticator.Type.WEBAUTHN not in methods:
        return FactorNeeded(challenges.open_for(user=user, auth_time=now), methods, public_key=None)
    options, ceremony = passkeys.begin_authentication(user=user, now=now)
    challenge = challenges.open_for(user=user, auth_time=now, ceremony=ceremony)
    return FactorNeeded(challenge, methods, public_key=options["publicKey"])

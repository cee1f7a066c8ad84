"""Signing in by JSON with a passkey: alone, or as the second step after the password."""

from datetime import datetime
from typing import Any

from accounts.api.sign_in import Caller, check_verified, started
from accounts.authentication import by_passkey
from accounts.models import User
from accounts.models.session_rotation import RefreshedSession
from accounts.services import challenges, passkeys
from accounts.services.passkeys import Proof
from accounts.webauthn.asking import Options
from trust.lib.origin import Origin
from trust.limits import guesses, rates
from trust.limits.conf import ONE_TIME_CODE, PASSKEY_BY_ADDRESS


def begin(origin: Origin, *, now: datetime) -> tuple[str, Options]:
    """Return a challenge for whoever has a passkey here, and what to ask the passkey. Raises LimitExceeded."""
    rates.take(PASSKEY_BY_ADDRESS, origin.client_address)
    options, ceremony = passkeys.begin_authentication(user=None, now=now)
    return challenges.open_for_anybody(ceremony=ceremony), options["publicKey"]


def with_passkey(caller: Caller, *, challenge: str, credential: dict[str, Any], now: datetime) -> RefreshedSession:
    """Answer a challenge by a passkey.

    Raises ChallengeRefused, PasskeyRefused, EmailUnverified, LimitExceeded.
    """
    alone = challenges.is_for_anybody(challenge)
    proof = (_alone if alone else _second)(caller.origin, challenge, credential, now)
    user: User = proof.passkey.user
    check_verified(user)
    proof.passkey.record_usage()
    authentication = by_passkey(auth_time=now, user_verified=proof.user_verified, after_password=not alone)
    return started(caller, user, authentication)


def _alone(origin: Origin, challenge: str, credential: dict[str, Any], now: datetime) -> Proof:
    """Check the answer of whoever it is: it uses the challenge up, right or wrong."""
    rates.take(PASSKEY_BY_ADDRESS, origin.client_address)
    ceremony = challenges.ceremony_for_anybody(challenge=challenge)
    passkeys.use_up(ceremony=ceremony)
    user = passkeys.owner(credential, origin=origin)
    return passkeys.answered(user=user, ceremony=ceremony, answer=credential, alone=True, now=now, origin=origin)


def _second(origin: Origin, challenge: str, credential: dict[str, Any], now: datetime) -> Proof:
    """Check the answer of the person whose password was right; the challenge counts how often."""
    user, ceremony = challenges.attempt_by_passkey(challenge=challenge)
    guesses.take(ONE_TIME_CODE, str(user.pk))
    proof = passkeys.answered(user=user, ceremony=ceremony, answer=credential, alone=False, now=now, origin=origin)
    challenges.consume(challenge=challenge)
    guesses.reset(ONE_TIME_CODE, str(user.pk))
    return proof

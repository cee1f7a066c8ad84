"""The second step of a JSON sign-in: a challenge for who gave the right password and has a factor."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.conf import CHALLENGE_LIFETIME
from accounts.errors import ChallengeRefused
from accounts.models import SignInChallenge, User
from accounts.webauthn.asking import Ceremony
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.sealing import SealBroken, seal, unseal

_PURPOSE: Final = "passkey-ceremony"
# What a challenge for anybody begins with: nobody is known yet whose row it could be, so it carries its own state.
_FOR_ANYBODY: Final = "passkey."


def open_for(*, user: User, auth_time: datetime, ceremony: Ceremony | None = None) -> str:
    """Return a new challenge for a person, good for CHALLENGE_LIFETIME; only its digest is kept.

    A passkey may answer it if its ceremony was begun too.
    """
    challenge = secrets.token_urlsafe(32)
    SignInChallenge.objects.create(
        digest=digest_of(challenge),
        user=user,
        auth_time=auth_time,
        sealed_ceremony="" if ceremony is None else _sealed(ceremony),
        expires_at=DatabaseNow(CHALLENGE_LIFETIME),
    )
    return challenge


def attempt(*, challenge: str) -> User:
    """Count one code against a challenge, before it is judged, and return whose it is. Raises ChallengeRefused."""
    return _attempted(challenge).user


def attempt_by_passkey(*, challenge: str) -> tuple[User, Ceremony]:
    """Count one answer of a passkey in the same way, and return whose it must be, and what was asked.

    Raises ChallengeRefused.
    """
    row = _attempted(challenge)
    if not row.sealed_ceremony:
        raise ChallengeRefused
    return row.user, _opened(row.sealed_ceremony)


def open_for_anybody(*, ceremony: Ceremony) -> str:
    """Return a challenge for a passkey alone. It is sealed, so that who only asks makes nothing grow."""
    return f"{_FOR_ANYBODY}{_sealed(ceremony)}"


def is_for_anybody(challenge: str) -> bool:
    """Tell which of the two kinds a challenge is."""
    return challenge.startswith(_FOR_ANYBODY)


def ceremony_for_anybody(*, challenge: str) -> Ceremony:
    """Return what was asked with a challenge for anybody. Raises ChallengeRefused."""
    return _opened(challenge.removeprefix(_FOR_ANYBODY))


def _attempted(challenge: str) -> SignInChallenge:
    rows = SignInChallenge.objects.by_digest(digest_of(challenge))
    if not rows.open().count_attempt():
        raise ChallengeRefused
    row = rows.select_related("user").first()
    if row is None or not row.user.is_active:
        raise ChallengeRefused
    return row


def _sealed(ceremony: Ceremony) -> str:
    return seal(json.dumps(asdict(ceremony)).encode(), purpose=_PURPOSE)


def _opened(sealed: str) -> Ceremony:
    try:
        return Ceremony(**json.loads(unseal(sealed, purpose=_PURPOSE)))
    except SealBroken as broken:
        raise ChallengeRefused from broken


@transaction.atomic
def consume(*, challenge: str) -> None:
    """End a challenge that was answered; of two right answers at once one wins. Raises ChallengeRefused."""
    deleted, _ = SignInChallenge.objects.by_digest(digest_of(challenge)).delete()
    if not deleted:
        raise ChallengeRefused

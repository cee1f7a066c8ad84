"""The second step of a JSON sign-in: a challenge for who gave the right password and has a factor."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.conf import CHALLENGE_LIFETIME
from accounts.errors import ChallengeRefused
from accounts.models import SignInChallenge, User
from trust.lib.clock import DatabaseNow


def open_for(*, user: User, auth_time: datetime) -> str:
    """Return a new challenge for a person, good for CHALLENGE_LIFETIME; only its digest is kept."""
    challenge = secrets.token_urlsafe(32)
    SignInChallenge.objects.create(
        digest=_digest(challenge), user=user, auth_time=auth_time, expires_at=DatabaseNow(CHALLENGE_LIFETIME)
    )
    return challenge


def attempt(*, challenge: str) -> User:
    """Count one code against a challenge, before it is judged, and return whose it is. Raises ChallengeRefused."""
    rows = SignInChallenge.objects.by_digest(_digest(challenge))
    if not rows.open().count_attempt():
        raise ChallengeRefused
    row = rows.select_related("user").first()
    if row is None or not row.user.is_active:
        raise ChallengeRefused
    return row.user


@transaction.atomic
def consume(*, challenge: str) -> None:
    """End a challenge that was answered; of two right answers at once one wins. Raises ChallengeRefused."""
    deleted, _ = SignInChallenge.objects.by_digest(_digest(challenge)).delete()
    if not deleted:
        raise ChallengeRefused


def _digest(challenge: str) -> str:
    return hashlib.sha256(challenge.encode()).hexdigest()

"""Growth is bounded by what lives: what is over is deleted, in batches, once a day."""

from datetime import datetime

from accounts.conf import OVER_SESSIONS_KEPT, UNVERIFIED_LIFETIME
from accounts.models import Session, SignInChallenge, User
from trust.audit.record import record


def clear(*, now: datetime) -> dict[str, int]:
    """Delete what is over and return how much of each: sessions, challenges, accounts never verified."""
    return {
        "sessions": Session.objects.over_since(now - OVER_SESSIONS_KEPT).delete()[0],
        "challenges": SignInChallenge.objects.over().delete()[0],
        "unverified": _clear_unverified(now),
    }


def _clear_unverified(now: datetime) -> int:
    """Accounts never verified go after a week, so that nobody's address stays taken by a stranger."""
    people = list(User.objects.never_verified(created_before=now - UNVERIFIED_LIFETIME)[:1000])
    for user in people:
        record("person.removed_unverified", subject=user.pk)
        user.delete()
    return len(people)

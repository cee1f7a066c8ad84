"""Growth is bounded by what lives: what is over is deleted, in batches, once a day."""

from datetime import datetime

from django.db import transaction

from accounts.conf import DEVICE_MEMORY, EXPORT_KEPT, OVER_INVITATIONS_KEPT, OVER_SESSIONS_KEPT, UNVERIFIED_LIFETIME
from accounts.models import DataExport, Invitation, KnownDevice, Session, SignInChallenge, User, browser_session
from accounts.services import erasure
from trust.lib.batches import delete_in_batches


def clear(*, now: datetime) -> dict[str, int]:
    """Delete what is over; return how much of each, from sessions to the accounts that were to be erased today."""
    return {
        "sessions": delete_in_batches(Session.objects.over_since(now - OVER_SESSIONS_KEPT)),
        "browser_sessions": delete_in_batches(browser_session.over_since(now)),
        "challenges": delete_in_batches(SignInChallenge.objects.over()),
        "known_devices": delete_in_batches(KnownDevice.objects.unseen_since(now - DEVICE_MEMORY)),
        "data_exports": delete_in_batches(DataExport.objects.over_since(now - EXPORT_KEPT)),
        "invitations": delete_in_batches(Invitation.objects.over_since(now - OVER_INVITATIONS_KEPT)),
        "unverified": _clear_unverified(now),
        "erased": erasure.erase_due(now=now),
        "erasures_gone_on_with": erasure.erase_what_is_left(now=now),
    }


def _clear_unverified(now: datetime) -> int:
    """Accounts never verified go after a week, so that nobody's address stays taken by a stranger."""
    people = list(User.objects.never_verified(created_before=now - UNVERIFIED_LIFETIME)[:1000])
    return sum(_remove_unverified(user, now) for user in people)


@transaction.atomic
def _remove_unverified(user: User, now: datetime) -> bool:
    """Delete the account, unless its person verified it or signed in a moment ago."""
    never = User.objects.never_verified(created_before=now - UNVERIFIED_LIFETIME).by_id(user.pk)
    if never.select_for_update(of=("self",)).first() is None:
        return False
    erasure.erase(user=user, action=erasure.REMOVED_UNVERIFIED)
    return True

"""Growth is bounded by what lives: what is over is deleted, in batches; and so are people whose time has come."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction

from accounts.conf import DEVICE_MEMORY, EXPORT_KEPT, OVER_INVITATIONS_KEPT, OVER_SESSIONS_KEPT, UNVERIFIED_LIFETIME
from accounts.models import DataExport, Invitation, KnownDevice, Session, SignInChallenge, User, browser_session
from accounts.services import erasure
from trust.lib.batches import Shift, delete_in_batches
from trust.lib.chores import Chores, do_each

_AT_ONCE: Final = 50  # people, removed one by one before the time is looked at again


def clear(*, now: datetime) -> dict[str, int]:
    """Delete what is over; return how much of each, from sessions to the accounts that were to be erased today."""
    shift = Shift()
    return do_each({**hourly(shift=shift), **daily(now=now, shift=shift)})


def hourly(*, shift: Shift) -> Chores:
    """Return what keeps small the tables whose rows live for minutes."""
    return {"challenges": partial(delete_in_batches, SignInChallenge.objects.over(), shift=shift)}


def daily(*, now: datetime, shift: Shift) -> Chores:
    """Return the rest."""
    kept_since = now - OVER_SESSIONS_KEPT
    delete = partial(delete_in_batches, shift=shift)
    return {
        "sessions": partial(delete, Session.objects.expired_since(kept_since), Session.objects.ended_since(kept_since)),
        "browser_sessions": partial(delete, browser_session.over_since(now)),
        "known_devices": partial(delete, KnownDevice.objects.unseen_since(now - DEVICE_MEMORY)),
        "data_exports": partial(delete, DataExport.objects.over_since(now - EXPORT_KEPT)),
        "invitations": partial(delete, Invitation.objects.over_since(now - OVER_INVITATIONS_KEPT)),
        "unverified": partial(_clear_unverified, now, shift),
        "erased": partial(_erase_due, now, shift),
        "erasures_gone_on_with": partial(erasure.erase_what_is_left, now=now),
    }


def _clear_unverified(now: datetime, shift: Shift) -> int:
    """Accounts never verified go after a week, so that nobody's address stays taken by a stranger."""
    strangers = User.objects.never_verified(created_before=now - UNVERIFIED_LIFETIME)
    return _until_nothing_is_left(shift, lambda: sum(_remove_unverified(user, now) for user in strangers[:_AT_ONCE]))


def _erase_due(now: datetime, shift: Shift) -> int:
    return _until_nothing_is_left(shift, lambda: erasure.erase_due(now=now, shift=shift))


def _until_nothing_is_left(shift: Shift, work: Callable[[], int]) -> int:
    """Do the work until it finds nothing that it can do any more; return how much it was in all."""
    total = 0
    while shift.goes_on() and (done := work()):
        total += done
    return total


@transaction.atomic
def _remove_unverified(user: User, now: datetime) -> bool:
    """Delete the account, unless its person verified it or signed in a moment ago."""
    never = User.objects.never_verified(created_before=now - UNVERIFIED_LIFETIME).by_id(user.pk)
    if never.select_for_update(of=("self",)).first() is None:
        return False
    erasure.erase(user=user, action=erasure.REMOVED_UNVERIFIED)
    return True

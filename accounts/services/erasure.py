"""Erasing people: their row and all that hangs on it, and what else is kept of them elsewhere.

Their username and address are free again. That is no danger to clients that know people by `sub`, as they must
(OpenID Connect Core section 5.7): it is a UUID and never given twice.

The row goes in one transaction. What follows, the audit's personal fields and the mail that waits, takes as many
short ones as it needs; should it be cut short, the daily work goes on with it (accounts/services/housekeeping.py).
"""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction

from accounts.conf import ERASED_AT_ONCE, ERASURE_FINISHED_WITHIN
from accounts.models import Invitation, KnownDevice, User, admin_log
from accounts.services import sessions
from trust.audit.erase import erase as erase_audit
from trust.audit.erase import erase_mentions, unfinished
from trust.audit.record import record
from trust.lib.batches import Shift
from trust.lib.hooks import tell
from trust.lib.origin import Origin
from trust.limits import guesses
from trust.mail import outbox

log = logging.getLogger(__name__)

# The last thing that the audit says of a person, by who decided it: an administrator, they themselves, or time.
DELETED: Final = "person.deleted"
ERASED: Final = "person.erased"
REMOVED_UNVERIFIED: Final = "person.removed_unverified"


@transaction.atomic
def erase(*, user: User, action: str, actor: User | None = None, origin: Origin = Origin()) -> None:
    """Erase a person; `action` is what the audit says of it."""
    user_id, addresses = user.pk, _proved_addresses(user)
    actor_id = None if actor is None else actor.pk
    sessions.end_all(user=user, reason="deleted", actor=actor_id, origin=origin)
    tell(settings.PERSON_ERASED, user_id=user_id)
    for target in (user_id, *KnownDevice.objects.of_user(user_id).values_list("pk", flat=True)):
        guesses.forget(str(target))
    erase_mentions(addresses)
    for address in addresses:
        Invitation.objects.for_email(address).taken().delete()
    admin_log.about(user_id).update(object_repr="", change_message="")
    record(action, subject=user_id, actor=actor_id, origin=origin)
    user.delete()
    transaction.on_commit(partial(_erase_traces, user_id, addresses), robust=True)


def erase_due(*, now: datetime, shift: Shift | None = None) -> int:
    """Erase the people whose days for coming back are over, as many as the shift has time for; return how many."""
    shift = shift or Shift()
    due = list(User.objects.to_be_erased(now).values_list("pk", flat=True)[:ERASED_AT_ONCE])
    return sum(_erase_alone(user_id, now) for user_id in due if shift.goes_on())


def erase_what_is_left(*, now: datetime) -> int:
    """Go on with erasures that were cut short; return how many events of the audit that took."""
    actions, since = (DELETED, ERASED, REMOVED_UNVERIFIED), now - ERASURE_FINISHED_WITHIN
    left = set[uuid.UUID]().union(*(unfinished(action, since=since) for action in actions))
    return sum(erase_audit(user_id) for user_id in left)


def _erase_alone(user_id: uuid.UUID, now: datetime) -> bool:
    """Erase one person; whatever is wrong with them does not stop the others."""
    try:
        return _erase_if_due(user_id, now)
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is tried again tomorrow, and may name the person
        log.error("person %s could not be erased: %s", user_id, type(failure).__name__)
        return False


@transaction.atomic
def _erase_if_due(user_id: uuid.UUID, now: datetime) -> bool:
    """Erase a person, unless they came back a moment ago: of the two at once, one waits for the other's end."""
    user = User.objects.to_be_erased(now).by_id(user_id).select_for_update().first()
    if user is None:
        return False
    erase(user=user, action=ERASED)
    return True


def _proved_addresses(user: User) -> Collection[str]:
    """Return the addresses that are the person's: another, which they only claimed, may be somebody else's."""
    rows = user.emailaddress_set.all()  # type: ignore[attr-defined]  # allauth's
    return {row.email for row in rows if row.verified}


def _erase_traces(user_id: uuid.UUID, addresses: Collection[str]) -> None:
    erase_audit(user_id)
    outbox.forget(addresses)

"""Erasing what the trail holds of a person: the personal fields go, the rows and what the chain covers stay."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from trust.audit.models import AuditEvent, AuditEventQuerySet

_BATCH: Final = 500  # rows: no statement is long


def erase(subject: uuid.UUID) -> int:
    """Erase the personal fields of the events about a person and of those that they did; return how many.

    `personal_digest` stays, which the chain covers; without the salt nobody finds out by guessing what it was made
    of. The oldest go first, each batch by itself: what ends half-way is gone on with by calling it again.
    """
    return sum(_erase(events) for events in (AuditEvent.objects.about(subject), AuditEvent.objects.done_by(subject)))


def erase_mentions(addresses: Collection[str]) -> int:
    """Erase the personal fields of the events at which one of these addresses was given; return how many.

    They may be about nobody, such as a sign-in that failed or an invitation, or about somebody else.
    """
    return _erase(AuditEvent.objects.naming(addresses))


def unfinished(action: str, *, since: datetime) -> set[uuid.UUID]:
    """Return the subjects of events of this kind that still have their personal fields.

    Where such an event is the last one about a person, as that of their deletion is, something of theirs is left.
    """
    left = AuditEvent.objects.of_action(action).since(since).with_personal_fields()
    return {subject for subject in left.values_list("subject", flat=True) if subject is not None}


def _erase(events: AuditEventQuerySet) -> int:
    erased = 0
    while batch := list(events.with_personal_fields().order_by("id").values_list("pk", flat=True)[:_BATCH]):
        erased += AuditEvent.objects.by_ids(batch).forget()
    return erased

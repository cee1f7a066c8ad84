"""Following the sealed audit trail: one delivery for each event and receiver, made as the cursor moves on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from trust.audit.models import AuditEvent
from trust.events.catalogue import Recorded, told_of
from trust.events.conf import FOLLOW_BATCH
from trust.events.models import Cursor, Delivery, Receiver
from trust.lib.batches import Shift

_COLUMNS: Final = ("sequence", "at", "action", "subject", "actor", "session", "client_id", "details")


def follow(*, now: datetime, shift: Shift) -> int:
    """Make the deliveries of what was sealed since, as much as the shift has time for; return how many."""
    made = 0
    while shift.goes_on():
        events, deliveries = _follow_batch(now)
        made += deliveries
        if events < FOLLOW_BATCH:
            break
    return made


@transaction.atomic
def skip_to_the_end() -> None:
    """Move the cursor to the end of the chain: nobody was there to be told of what is before it."""
    cursor = Cursor.objects.hold()
    last = AuditEvent.objects.sealed_after(cursor.sequence).reverse().values_list("sequence", flat=True).first()
    if last is not None:
        cursor.sequence = last
        cursor.save(update_fields=["sequence"])


@transaction.atomic
def _follow_batch(now: datetime) -> tuple[int, int]:
    cursor = Cursor.objects.hold()
    rows = AuditEvent.objects.sealed_after(cursor.sequence).values_list(*_COLUMNS)[:FOLLOW_BATCH]
    events = [Recorded(*row) for row in rows]
    if not events:
        return 0, 0
    deliveries = _deliveries(events, list(Receiver.objects.active()), now)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    cursor.sequence = events[-1].sequence
    cursor.save(update_fields=["sequence"])
    return len(events), len(deliveries)


def _deliveries(events: Sequence[Recorded], receivers: Sequence[Receiver], now: datetime) -> list[Delivery]:
    """Return what is to be delivered; nobody is told of what was before they were switched on."""
    told = [(event, told) for event in events if (told := told_of(event)) is not None]
    return [
        Delivery(
            receiver=receiver,
            sequence=event.sequence,
            event=about.kind,
            at=event.at,
            subject=event.subject,
            claims=about.claims,
            created=now,
            waits_since=now,
            due_at=now,
        )
        for event, about in told
        for receiver in receivers
        if about.kind in receiver.kinds and event.at >= receiver.active_since
    ]

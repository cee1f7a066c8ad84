"""Deliveries: made as the trail is followed, noted as they are sent, given up after a day, sent again by staff."""

import logging
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from trust.audit.record import record
from trust.events.answers import Outcome, Verdict
from trust.events.conf import (
    ATTEMPTS,
    DELIVERED_KEPT,
    FIRST_WAIT,
    GIVE_UP_AFTER,
    GIVEN_UP_KEPT,
    JITTER,
    LONGEST_WAIT,
    WAITING_KEPT,
)
from trust.events.models import Delivery, Receiver
from trust.events.vocabulary import EventType
from trust.lib.batches import Shift, delete_in_batches
from trust.lib.origin import Origin

log = logging.getLogger(__name__)
_State = Delivery.State


@transaction.atomic
def note(delivery: Delivery, receiver: Receiver, outcome: Outcome, *, now: datetime) -> None:
    """Keep what came of an attempt: of the delivery, and of the receiver where it fails whatever it is sent."""
    mine = Delivery.objects.waiting().by_pks([delivery.pk])
    match outcome.verdict:
        case Verdict.DELIVERED:
            mine.update(state=_State.DELIVERED, ended_at=now, outcome=outcome.words)
            _set(receiver, failures=0, failing_since=None, rest_until=None, answered_at=now, outcome=outcome.words)
        case Verdict.FAILING:
            mine.update(outcome=outcome.words)
            _note_failing(receiver, outcome, now)
        case Verdict.REFUSED if delivery.attempts + 1 < ATTEMPTS:
            mine.update(due_at=now + wait_after(delivery.attempts + 1), outcome=outcome.words)
        case _:
            mine.update(state=_State.GIVEN_UP, ended_at=now, outcome=outcome.words)
            log.error("delivery %s was given up: refused by its receiver", delivery.jti)


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row, a fifth more or less by chance."""
    wait = min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return wait * secrets.SystemRandom().uniform(1 - JITTER, 1 + JITTER)


@transaction.atomic
def send_test(receiver: uuid.UUID, *, now: datetime, actor: uuid.UUID | None, origin: Origin) -> bool:
    """Have a receiver sent a test event; False if it is off or gone."""
    if not Receiver.objects.active().by_pk(receiver).exists():
        return False
    moments = {"at": now, "created": now, "waits_since": now, "due_at": now}
    Delivery.objects.create(receiver_id=receiver, event=EventType.VERIFICATION, **moments)
    Receiver.objects.by_pk(receiver).update(rest_until=None)
    record("receiver.tested", actor=actor, origin=origin, details={"receiver": str(receiver)})
    return True


@transaction.atomic
def send_again(pks: Collection[int], *, now: datetime, actor: uuid.UUID | None, origin: Origin) -> int:
    """Let deliveries that were given up wait again, from the first attempt on; return how many there were."""
    chosen = Delivery.objects.given_up().by_pks(list(pks))
    receivers = set(chosen.values_list("receiver", flat=True))
    again = chosen.update(
        state=_State.WAITING, attempts=0, waits_since=now, due_at=now, ended_at=None, attempted_at=None
    )
    if again:
        named = sorted(map(str, receivers))
        record("delivery.sent_again", actor=actor, origin=origin, details={"deliveries": again, "receivers": named})
    return again


def clear(*, now: datetime, shift: Shift | None = None) -> int:
    """Delete what was delivered a week ago, given up a month ago, or has waited too long; return how many."""
    return delete_in_batches(
        Delivery.objects.ended_before(_State.DELIVERED, now - DELIVERED_KEPT),
        Delivery.objects.ended_before(_State.GIVEN_UP, now - GIVEN_UP_KEPT),
        Delivery.objects.waiting_since(now - WAITING_KEPT),
        shift=shift,
    )


def _note_failing(receiver: Receiver, outcome: Outcome, now: datetime) -> None:
    """Leave a receiver alone for longer each time; what has waited for a day of failing is given up."""
    since, failures = receiver.failing_since or now, receiver.failures + 1
    rest_until = now + max(wait_after(failures), outcome.rest)
    _set(receiver, failures=failures, failing_since=since, rest_until=rest_until, outcome=outcome.words)
    log.warning("receiver %s failed %d times in a row: %s", receiver.pk, failures, outcome.words)
    if now - since < GIVE_UP_AFTER:
        return
    waited = Delivery.objects.to(receiver.pk).waiting_since(now - GIVE_UP_AFTER).order_by()
    given_up = waited.update(state=_State.GIVEN_UP, ended_at=now, outcome=outcome.words)
    if given_up:
        log.error("receiver %s failed for a day: %d deliveries were given up", receiver.pk, given_up)


def _set(receiver: Receiver, **values: Any) -> None:
    """Keep how a receiver answers, and nothing else of it: staff may be changing the rest."""
    for name, value in values.items():
        setattr(receiver, name, value)
    Receiver.objects.by_pk(receiver.pk).update(**values)

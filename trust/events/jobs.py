"""What the worker does: follow the trail as it is sealed, and give receivers their turns.

A receiver has one turn at a time, and others have theirs in between. A turn that is not ended, since its worker was
killed, is given anew after a minute: what was sent and not noted is then sent again, with the same `jti`.
"""

import time
import uuid
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django_tasks import task

from trust.events import deliveries, following, sending
from trust.events.answers import Verdict
from trust.events.conf import (
    FOLLOW_SECONDS,
    PRIORITY,
    QUEUE,
    ROWS_KEPT,
    TURN_DELIVERIES,
    TURN_LEASE,
    TURN_SECONDS,
    WATCH_EVERY,
)
from trust.events.models import Delivery, Receiver
from trust.jobs import queue
from trust.lib import clock
from trust.lib.batches import Shift, delete_in_batches


def audit_sealed(*, through: int) -> None:
    """Have the trail followed, if there is anybody to tell. A hook of AUDIT_SEALED."""
    if ensure_watching():
        queue.ensure_waiting(follow, run_after=clock.now())


def ensure_watching(*, after: timedelta = timedelta(0)) -> bool:
    """See to it that those who rest, and what a killed worker left, are looked after; False if nobody is on."""
    if not Receiver.objects.active().exists():
        return False
    queue.ensure_waiting(watch, run_after=clock.now() + after)
    return True


@task(queue_name=QUEUE, priority=PRIORITY)
def follow() -> int:
    """Follow the trail and give turns to those for whom something is due; return how many deliveries were made."""
    made = following.follow(now=clock.now(), shift=Shift(FOLLOW_SECONDS))
    for receiver in Receiver.objects.free():
        if Delivery.objects.to(receiver.pk).due().exists():
            _give_turn(receiver.pk)
    return made


@task(queue_name=QUEUE, priority=PRIORITY)
def watch() -> int:
    """Do the same now and then, whether or not anything was sealed; the next run is enqueued before."""
    return follow.call() if ensure_watching(after=WATCH_EVERY) else 0


@task(queue_name=QUEUE, priority=PRIORITY)
def take_turn(receiver: str, turn: int) -> int:
    """Send what is due to one receiver, in its order, for a few seconds; return how many attempts were made."""
    pk = uuid.UUID(receiver)
    begun = Receiver.objects.begin_turn(pk, turn, lease=TURN_LEASE)
    if begun is None:
        return 0
    began = time.monotonic()
    attempts = _deliver(Receiver.objects.get(pk=pk), Shift(TURN_SECONDS))
    _end_turn(pk, begun, took=time.monotonic() - began, goes_on=attempts > 0)
    return attempts


def _deliver(receiver: Receiver, shift: Shift) -> int:
    """Deliver until the time is over, nothing is due or the receiver fails; return how many attempts were made.

    Test events first: staff send them where a receiver fails, and much may wait for it.
    """
    attempts, due = 0, Delivery.objects.to(receiver.pk).due()
    for delivery in chain(due.tests()[:TURN_DELIVERIES], due.of_the_trail()[:TURN_DELIVERIES]):
        if not Delivery.objects.begin_attempt(delivery):  # a turn that was given anew meanwhile is at it
            break
        attempts += 1
        outcome = sending.attempt(delivery, receiver, now=clock.now())
        deliveries.note(delivery, receiver, outcome, now=clock.now())
        if outcome.verdict is Verdict.FAILING or not shift.goes_on():
            break
    return attempts


@task(queue_name=QUEUE, priority=PRIORITY)
def delete_receiver(receiver: str) -> None:
    """Delete a receiver that staff deleted, and first what is on its way to it."""
    pk = uuid.UUID(receiver)
    delete_in_batches(Delivery.objects.to(pk).order_by("-pk"))
    Receiver.objects.by_pk(pk).delete()


def clear_rows(*, now: datetime, shift: Shift | None = None) -> int:
    """Delete the rows of such jobs that ended a while ago: there are too many of them to be kept for days."""
    return sum(queue.clear_of(each, before=now - ROWS_KEPT, shift=shift) for each in (follow, watch, take_turn))


@transaction.atomic
def _end_turn(pk: uuid.UUID, turn: int, *, took: float, goes_on: bool) -> None:
    """End a turn, and give the next one if there is more; who was slow waits as long as it took."""
    Receiver.objects.end_turn(pk, turn)
    if goes_on and Delivery.objects.to(pk).due().exists():
        _give_turn(pk, after=timedelta(seconds=took if took > TURN_SECONDS else 0))


@transaction.atomic
def _give_turn(pk: uuid.UUID, *, after: timedelta = timedelta(0)) -> None:
    turn = Receiver.objects.give_turn(pk, lease=TURN_LEASE + after)
    if turn is not None:
        take_turn.using(run_after=clock.now() + after).enqueue(str(pk), turn)

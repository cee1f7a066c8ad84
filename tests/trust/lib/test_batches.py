"""Deleting much, a little at a time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from trust.lib import batches, clock
from trust.lib.batches import delete_in_batches
from trust.limits.models import GuessCounter


def _counters(number: int) -> None:
    now = clock.now()
    GuessCounter.objects.bulk_create(
        [
            GuessCounter(key=str(n), count=1, open_at=now, forget_at=now + timedelta(days=n % 2 - 0.5))
            for n in range(number)
        ]
    )


@pytest.mark.django_db
def test_deletes_all_that_is_meant_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_BATCH", 3)
    _counters(16)
    assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 8
    assert GuessCounter.objects.count() == 8
    assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_leaves_a_row_that_is_in_use_to_the_next_time() -> None:
    _counters(4)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            GuessCounter.objects.select_for_update().get(pk="0")
            held.set()
            done.wait(timeout=30)
        connections.close_all()

    holder: Any = threading.Thread(target=hold)
    holder.start()
    assert held.wait(timeout=30)
    deleted = delete_in_batches(GuessCounter.objects.forgotten(clock.now()))
    done.set()
    holder.join()
    assert deleted == 1
    assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 1

"""Deleting much, a little at a time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import KnownDevice, Session, User
from tests.people import MakePerson
from trust.lib import batches, clock
from trust.lib.batches import Shift, delete_in_batches
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
    monkeypatch.setattr(batches, "_FIRST_BATCH", 3)
    _counters(30)
    assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 15
    assert GuessCounter.objects.count() == 15
    assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 0


@pytest.mark.django_db
def test_deletes_a_batch_by_one_statement_where_nothing_hangs_on_the_rows() -> None:
    _counters(800)
    with CaptureQueriesContext(connections["default"]) as statements:
        assert delete_in_batches(GuessCounter.objects.forgotten(clock.now())) == 400
    assert sum(statement["sql"].startswith("DELETE") for statement in statements) == 1


@pytest.mark.django_db
def test_what_hangs_on_the_rows_goes_or_lets_go_with_them(make_person: MakePerson) -> None:
    alice, bob = make_person("alice"), make_person("bob")
    for person in (alice, bob):
        KnownDevice.objects.create(user=person, digest="d", last_seen=clock.now())
    assert delete_in_batches(User.objects.by_username("alice")) == 1
    assert [device.user for device in KnownDevice.objects.all()] == [bob]
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_stops_when_the_shift_is_over_and_says_that_it_left_something(monkeypatch: pytest.MonkeyPatch) -> None:
    _counters(4)
    over = GuessCounter.objects.forgotten(clock.now())
    short = Shift(seconds=0)
    assert delete_in_batches(over, shift=short) == 0
    assert short.left_something
    long = Shift()
    assert delete_in_batches(over, shift=long) == 2
    assert not long.left_something


@pytest.mark.parametrize(
    ("size", "took", "following"),
    [(500, 0.01, 1000), (500, 0.07, 500), (500, 3.0, 500), (4000, 0.2, 2000), (10_000, 0.01, 10_000)],
)
def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_not(size: int, took: float, following: int) -> None:
    assert batches._next_size(size, took) == following


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

"""What a host counted is added to the counts of a minute, an hour and a day, once, whoever else adds meanwhile."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.at_once import at_once
from trust.statistics.conf import MOST_LABELS, OTHER
from trust.statistics.models import Amounts, Count, Key, Meter, Resolution
from trust.statistics.reading import condensed, read

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 14, 37, 21, 5, tzinfo=UTC)
HOST = uuid.UUID("5f0c4f1e-6a51-4c8e-9d6e-0a0e5a4f7b10")
GOOD, BAD = Key("sign_ins", "password.success"), Key("sign_ins", "password.failure")


def _read(totals: Amounts, *, now: datetime = NOW, host: uuid.UUID = HOST, new: bool = True) -> int:
    return read(host, totals, now=now, counts_from_zero=new)


def _counted(resolution: Resolution = Resolution.MINUTE) -> dict[tuple[datetime, str, str], int]:
    rows = Count.objects.since(resolution, NOW - timedelta(days=40))
    return {(row.starts, row.name, row.label): row.value for row in rows}


def test_a_reading_is_added_to_the_minute_the_hour_and_the_day() -> None:
    assert _read({GOOD: 7, BAD: 2}) == 9
    for resolution, starts in [
        (Resolution.MINUTE, datetime(2026, 11, 20, 14, 37, tzinfo=UTC)),
        (Resolution.HOUR, datetime(2026, 11, 20, 14, tzinfo=UTC)),
        (Resolution.DAY, datetime(2026, 11, 20, tzinfo=UTC)),
    ]:
        assert _counted(resolution) == {(starts, *GOOD): 7, (starts, *BAD): 2}


def test_the_next_reading_adds_what_came_since() -> None:
    _read({GOOD: 7, BAD: 2})
    assert _read({GOOD: 10, BAD: 2}, now=NOW + timedelta(seconds=20)) == 3
    assert _read({GOOD: 10, BAD: 2}, now=NOW + timedelta(seconds=30)) == 0
    assert sorted(_counted().values()) == [2, 10]
    later = NOW + timedelta(minutes=1)
    _read({GOOD: 11, BAD: 2}, now=later)
    assert _counted()[later.replace(second=0, microsecond=0), *GOOD] == 1
    assert sorted(_counted(Resolution.HOUR).values()) == [2, 11]


def test_a_total_that_fell_counts_nothing_and_goes_on_from_there() -> None:
    _read({GOOD: 7})
    assert _read({GOOD: 3}) == 0
    assert _read({GOOD: 5}) == 2
    assert _read({}) == 0
    assert list(_counted().values()) == [9]


def test_a_meter_that_was_forgotten_begins_with_what_comes_next() -> None:
    assert _read({GOOD: 7}, new=False) == 0
    assert _counted() == {}
    assert _read({GOOD: 8}, new=False) == 1


def test_hosts_add_up() -> None:
    _read({GOOD: 7})
    _read({GOOD: 5}, host=uuid.uuid4())
    assert list(_counted().values()) == [12]


def test_a_reading_that_fails_leaves_nothing_and_the_next_one_has_it_all() -> None:
    with transaction.atomic():
        assert _read({GOOD: 7}) == 7
        transaction.set_rollback(True)
    assert (_counted(), Meter.objects.count()) == ({}, 0)
    assert _read({GOOD: 9}) == 9


def test_of_many_labels_the_most_frequent_are_told_apart() -> None:
    many = {Key("clients", f"client-{number:03}"): number for number in range(1, 101)}
    kept = condensed({**many, GOOD: 1})
    assert len(kept) == MOST_LABELS + 2
    assert kept["clients", "client-100"] == 100
    assert sum(amount for (name, _label), amount in kept.items() if name == "clients") == sum(many.values())
    assert kept["clients", OTHER] == sum(range(1, 101 - MOST_LABELS))


def test_a_label_of_any_length_and_any_text_is_kept_as_far_as_there_is_room() -> None:
    _read({Key("clients", "c" * 400): 1, Key("clients", "'; DROP TABLE statistics_count; -- %s"): 2})
    assert {label for _starts, _name, label in _counted()} == {"c" * 255, "'; DROP TABLE statistics_count; -- %s"}


def test_of_a_level_the_highest_is_kept() -> None:
    sessions = Key("sessions")
    for level in (5, 9, 3):
        Count.objects.raise_to({sessions: level}, at=NOW)
    Count.objects.raise_to({sessions: 4}, at=NOW + timedelta(minutes=1))
    assert list(_counted().values()) == [9, 4]
    assert list(_counted(Resolution.DAY).values()) == [9]


def test_the_latest_minute_is_found_by_name() -> None:
    Count.objects.raise_to({Key("sessions"): 5, Key("jobs", "mail"): 2}, at=NOW - timedelta(minutes=1))
    Count.objects.raise_to({Key("sessions"): 6}, at=NOW)
    Count.objects.add({GOOD: 1}, at=NOW + timedelta(minutes=1))
    names = ("sessions", "jobs")
    assert [row.value for row in Count.objects.newest(names, since=NOW - timedelta(minutes=5))] == [6]
    assert not Count.objects.newest(names, since=NOW + timedelta(minutes=5))


def test_each_resolution_takes_one_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        Count.objects.add({GOOD: 1, BAD: 2, Key("people", "signed_up"): 3}, at=NOW)
    with django_assert_num_queries(0):
        Count.objects.add({}, at=NOW)


def test_each_is_kept_as_long_as_the_page_shows_it() -> None:
    for age in (timedelta(hours=2), timedelta(hours=4), timedelta(days=2), timedelta(days=4), timedelta(days=401)):
        Count.objects.add({GOOD: 1}, at=NOW - age)
    over = {resolution: Count.objects.over(resolution, NOW).count() for resolution in Resolution}
    assert over == {Resolution.MINUTE: 4, Resolution.HOUR: 2, Resolution.DAY: 1}
    _read({}, now=NOW - timedelta(days=31))
    _read({}, host=uuid.uuid4())
    assert [meter.pk for meter in Meter.objects.forgotten(NOW)] == [HOST]


@pytest.mark.django_db(transaction=True)
def test_two_nodes_that_read_at_once_lose_nothing() -> None:
    names = [Key("sign_ins", label) for label in "abcdefgh"]

    def node() -> None:
        host = uuid.uuid4()
        for total in range(1, 6):
            _read(dict.fromkeys(names if host.int % 2 else reversed(names), total), host=host)

    at_once(4, node)
    assert set(_counted().values()) == {20}
    assert set(_counted(Resolution.DAY).values()) == {20}

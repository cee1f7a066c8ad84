"""What is read for a period: its own steps, by its own resolution."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from authproject.dashboard import figures
from authproject.dashboard.periods import DAY, HOUR, MONTH, Period, chosen
from trust.statistics.models import Count, Key

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 14, 37, 21, tzinfo=UTC)
GOOD = Key("sign_ins", "password.success")


@pytest.mark.parametrize(
    ("period", "first", "last", "length"),
    [
        (HOUR, "13:38", "14:37", 60),
        (DAY, "15:00", "14:00", 24),
        (MONTH, "10-22", "11-20", 30),
    ],
)
def test_a_period_ends_now(period: Period, first: str, last: str, length: int) -> None:
    starts = period.starts(NOW)
    assert (period.named(starts[0]), period.named(starts[-1]), len(starts)) == (first, last, length)


@pytest.mark.parametrize("name", ["", "year", "HOUR", "hour'--", "\0", "day" * 1000])
def test_a_period_that_there_is_not_is_a_day(name: str) -> None:
    assert chosen(name) is DAY


@pytest.mark.parametrize("period", [HOUR, DAY, MONTH])
def test_what_was_before_the_period_is_left_out(period: Period) -> None:
    for steps in (0, 1, period.length - 1, period.length):
        Count.objects.add({GOOD: 1}, at=NOW - steps * period.step)
    counted = figures.load(period, NOW).counts("sign_ins")
    assert (counted[0], counted[-2], counted[-1], sum(filter(None, counted))) == (1, 1, 1, 3)


def test_labels_come_by_how_often_they_were_counted() -> None:
    Count.objects.add({Key("limits", "b"): 2, Key("limits", "a"): 2, Key("limits", "c"): 9}, at=NOW)
    assert list(figures.load(HOUR, NOW).labels("limits").items()) == [("c", 9), ("a", 2), ("b", 2)]


def test_a_level_is_missing_where_nobody_looked_and_a_count_is_nought_there() -> None:
    Count.objects.raise_to({Key("sessions"): 7}, at=NOW - timedelta(minutes=2))
    found = figures.load(HOUR, NOW)
    assert found.levels("sessions")[-3:] == [7, None, None]
    assert found.counts("sign_ins")[-3:] == [0, 0, 0]


def test_what_there_is_now_is_of_the_last_look_whatever_the_period() -> None:
    Count.objects.raise_to({Key("sessions"): 90}, at=NOW - timedelta(minutes=9))
    Count.objects.raise_to({Key("sessions"): 7, Key("given_up", "jobs"): 1}, at=NOW - timedelta(minutes=2))
    Count.objects.raise_to({Key("given_up", "events"): 2}, at=NOW - timedelta(minutes=2))
    found = figures.load(MONTH, NOW)
    assert (found.now("sessions"), found.now("given_up"), found.now("jobs")) == (7, 3, None)
    assert figures.load(MONTH, NOW + timedelta(hours=1)).now("sessions") is None


def test_two_queries_read_it_all(django_assert_num_queries: Any) -> None:
    Count.objects.add({Key("clients", f"client-{number}"): 1 for number in range(300)}, at=NOW)
    with django_assert_num_queries(2):
        assert len(figures.load(DAY, NOW).labels("clients")) == 300

"""The two clocks, and that times of either kind compare rightly in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.limits.models import GuessCounter

SECOND = timedelta(seconds=1)


def counter(open_at, key="key") -> GuessCounter:
    row = GuessCounter.objects.create(key=key, count=0, open_at=open_at, forget_at=open_at)
    row.refresh_from_db()
    return row


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_a_numeric_date_becomes_an_aware_time():
    assert clock.from_epoch(1.5) == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [timedelta(0), timedelta(days=30), -timedelta(seconds=10), timedelta(seconds=0.25)])
def test_the_databases_time_is_ours_but_for_the_shift(shift):
    before = clock.now()
    written = counter(DatabaseNow(shift)).open_at
    assert before - SECOND <= written - shift <= clock.now() + SECOND
    assert written.utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_the_databases_time_moves_within_a_transaction():
    times = []
    for number in range(3):
        times.append(counter(DatabaseNow(), key=str(number)).open_at)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 20000) SELECT i FROM n) AS numbers"
            )
    assert times[0] < times[1] < times[2]


@pytest.mark.django_db
@pytest.mark.parametrize("microsecond", [0, 1, 999, 1000, 500_000, 999_999])
@pytest.mark.parametrize("seconds", [-2, 2])
def test_a_time_that_python_wrote_compares_with_the_databases(seconds, microsecond):
    moment = (clock.now() + seconds * SECOND).replace(microsecond=microsecond)
    counter(moment)
    assert GuessCounter.objects.filter(open_at__gt=DatabaseNow()).exists() is (seconds > 0)
    assert GuessCounter.objects.filter(open_at__lte=DatabaseNow()).exists() is (seconds < 0)


@pytest.mark.django_db
@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_a_time_that_the_database_wrote_compares_with_pythons(microsecond):
    written = counter(DatabaseNow()).open_at
    earlier = (written - 2 * SECOND).replace(microsecond=microsecond)
    later = (written + 2 * SECOND).replace(microsecond=microsecond)
    assert GuessCounter.objects.filter(open_at__gt=earlier, open_at__lt=later).exists()
    assert not GuessCounter.objects.filter(open_at__lt=earlier).exists()
    assert not GuessCounter.objects.filter(open_at__gt=later).exists()


@pytest.mark.django_db
def test_a_time_read_back_equals_the_one_written():
    written = counter(DatabaseNow()).open_at
    assert GuessCounter.objects.filter(open_at=written).exists()
    assert not GuessCounter.objects.filter(open_at__gt=written).exists()
    assert not GuessCounter.objects.filter(open_at__lt=written).exists()


@pytest.mark.django_db
def test_equal_times_written_by_either_compare_as_equal_on_sqlite():
    """A whole second has no fraction when Django writes it: as text it sorts before the same second with one."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    counter(moment)
    assert not GuessCounter.objects.filter(open_at__gt=moment).exists()
    assert GuessCounter.objects.filter(open_at__lte=moment).exists()
    assert GuessCounter.objects.filter(open_at__lt=moment + timedelta(microseconds=1)).exists()
    assert GuessCounter.objects.filter(open_at__gt=moment - timedelta(microseconds=1)).exists()


@pytest.mark.django_db
def test_shifted_times_order_as_they_should():
    rows = [counter(DatabaseNow(shift * SECOND), key=str(shift)) for shift in (-11, -9, 0, 9)]
    open_ = GuessCounter.objects.filter(open_at__gt=DatabaseNow(-10 * SECOND)).values_list("key", flat=True)
    assert sorted(open_) == ["-9", "0", "9"]
    assert [row.open_at for row in rows] == sorted(row.open_at for row in rows)

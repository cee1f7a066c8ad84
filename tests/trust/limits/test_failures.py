"""Failures are counted, also those under way and those of other processes; what succeeds is never in the way."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from trust.limits import failures
from trust.limits.conf import RatePolicy
from trust.limits.errors import LimitExceeded

NARROW = RatePolicy("test-narrow", attempts=3, window=60)
WIDE = RatePolicy("test-wide", attempts=5, window=60)


@pytest.fixture(autouse=True)
def one_window(monkeypatch):
    """Stand still in the middle of a window."""
    monkeypatch.setattr(time, "time", lambda: 1_800_000_030.0)


def fail(target="client:address", *wider):
    failures.take((NARROW, target), *wider).failed()


def is_let_through(target="client:address", *wider):
    try:
        failures.take((NARROW, target), *wider).abandoned()
    except LimitExceeded:
        return False
    return True


def test_as_many_failures_as_the_policy_says_and_no_more():
    for _ in range(3):
        fail()
    with pytest.raises(LimitExceeded) as refused:
        failures.take((NARROW, "client:address"))
    assert 1 <= refused.value.retry_after <= 60
    assert is_let_through("client:elsewhere")


def test_a_success_forgets_the_failures():
    fail()
    fail()
    failures.take((NARROW, "client:address")).succeeded()
    for _ in range(3):
        assert is_let_through()
        fail()
    assert not is_let_through()


def test_what_is_under_way_counts_once_something_failed():
    fail()
    failures.take((NARROW, "client:address"))
    failures.take((NARROW, "client:address"))
    assert not is_let_through()


def test_where_nothing_failed_any_number_is_under_way():
    attempts = [failures.take((NARROW, "client:address")) for _ in range(50)]
    for attempt in attempts:
        attempt.succeeded()
    assert is_let_through()


def test_parallel_guesses_are_all_counted():
    def guess(_):
        try:
            failures.take((NARROW, "client:address")).failed()
        except LimitExceeded:
            return 0
        return 1

    fail()
    with ThreadPoolExecutor(8) as threads:
        judged = sum(threads.map(guess, range(64)))
    assert judged <= 2


def test_the_next_window_begins_at_nought(monkeypatch):
    for _ in range(3):
        fail()
    monkeypatch.setattr(time, "time", lambda: 1_800_000_060.0)
    assert is_let_through()


def test_what_other_processes_counted_comes_back_with_a_failure():
    cache.set(failures._shared_key((NARROW, "client:address")), 40)
    fail()
    assert not is_let_through()


def test_without_a_cache_the_process_counts_alone(monkeypatch):
    monkeypatch.setattr(failures, "_count_shared", lambda key: 1)
    for _ in range(3):
        fail()
    assert not is_let_through()


def test_a_wider_bound_holds_all_but_who_was_right_last_time():
    failures.take((NARROW, "client:home"), (WIDE, "client")).succeeded()
    for number in range(5):
        fail(f"client:stranger{number}", (WIDE, "client"))
    assert not is_let_through("client:new", (WIDE, "client"))
    assert is_let_through("client:home", (WIDE, "client"))


def test_an_attempt_that_was_neither_leaves_nothing():
    fail()
    failures.take((NARROW, "client:address")).abandoned()
    fail()
    assert is_let_through()


def test_test_beds_switch_it_off(settings):
    settings.RATE_LIMITS = False
    for _ in range(9):
        fail()
    assert is_let_through()


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(failures, "_MOST", 10)
    for number in range(50):
        failures.take((NARROW, str(number))).abandoned()
    assert len(failures._counters) == 10

"""Attempts from one address, in windows of time."""

import pytest
from django.core.cache import cache

from tests.at_once import at_once
from trust.limits import rates
from trust.limits.conf import RatePolicy
from trust.limits.errors import LimitExceeded

# A window so long that no test sees two of them.
POLICY = RatePolicy("test", attempts=5, window=10**9)


def passes(address="198.51.100.1", policy=POLICY) -> bool:
    try:
        rates.take(policy, address)
    except LimitExceeded:
        return False
    return True


def test_the_attempts_of_a_window_pass_and_no_more():
    assert [passes() for _ in range(7)] == [True] * 5 + [False] * 2


def test_addresses_count_apart():
    for _ in range(6):
        passes()
    assert passes("198.51.100.2")


def test_policies_count_apart():
    for _ in range(6):
        passes()
    assert passes(policy=RatePolicy("other", attempts=1, window=10**9))


def test_a_slash_64_counts_as_one_address():
    for number in range(5):
        assert passes(f"2001:db8:1:2:{number}::1")
    assert not passes("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert passes("2001:db8:1:3::1")


def test_the_next_window_begins_anew(monkeypatch):
    policy = RatePolicy("test", attempts=1, window=60)
    monkeypatch.setattr("time.time", lambda: 120.0)
    assert [passes(policy=policy), passes(policy=policy)] == [True, False]
    monkeypatch.setattr("time.time", lambda: 179.9)
    assert not passes(policy=policy)
    monkeypatch.setattr("time.time", lambda: 180.0)
    assert passes(policy=policy)


@pytest.mark.parametrize(("time", "seconds"), [(120.0, 60), (150.4, 30), (179.9, 1)])
def test_says_when_the_next_window_begins(monkeypatch, time, seconds):
    monkeypatch.setattr("time.time", lambda: time)
    policy = RatePolicy("test", attempts=0, window=60)
    with pytest.raises(LimitExceeded) as refused:
        rates.take(policy, "198.51.100.1")
    assert refused.value.retry_after == seconds


def test_parallel_attempts_do_not_beat_the_counter():
    cache.clear()
    assert sum(at_once(8, lambda: sum(passes() for _ in range(10)))) == POLICY.attempts


def test_without_rate_limits_nothing_is_counted(settings):
    settings.RATE_LIMITS = False
    assert all(passes() for _ in range(20))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::1", "::"),
        ("unknown", "unknown"),
    ],
)
def test_tells_what_counts_as_one_address(address, network):
    assert rates.network(address) == network


def test_an_unknown_address_is_limited_too():
    assert [passes("unknown") for _ in range(6)] == [True] * 5 + [False]

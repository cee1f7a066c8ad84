"""Guesses at one secret: counted before they are judged, whoever asks and however many at once."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from tests.at_once import at_once
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.limits import guesses
from trust.limits.conf import ONE_TIME_CODE, SIGN_IN, GuessPolicy
from trust.limits.errors import LimitExceeded
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

POLICY = GuessPolicy("test", free=3, most=8, longest_wait=timedelta(seconds=6), memory=timedelta(days=1))


def passes(policy=POLICY, target="alice") -> bool:
    try:
        guesses.take(policy, target)
    except LimitExceeded:
        return False
    return True


def wait(policy=POLICY, target="alice") -> int:
    with pytest.raises(LimitExceeded) as refused:
        guesses.take(policy, target)
    return refused.value.retry_after


def time_passes(seconds):
    GuessCounter.objects.update(open_at=F("open_at") - timedelta(seconds=seconds))


def use_up(policy=POLICY, target="alice"):
    """Make the free guesses, and the wait after them so long that the test cannot outlast it."""
    for _ in range(policy.free):
        assert passes(policy, target)
    time_passes(-60)


def test_the_first_guesses_are_free_and_each_one_after_waits_twice_as_long():
    for seconds in (0, 0, 1, 2, 4, 6, 6):
        time_passes(3600)
        before = clock.now() - timedelta(milliseconds=1)  # SQLite's clock has no more
        assert passes()
        waits = timedelta(seconds=seconds)
        assert before + waits <= GuessCounter.objects.get().open_at <= clock.now() + waits


def test_a_guess_is_refused_until_its_time():
    use_up()
    assert 59 <= wait() <= 61
    time_passes(50)
    assert 9 <= wait() <= 11
    time_passes(11)
    assert passes()


def test_a_refused_guess_is_not_counted_and_prolongs_nothing():
    use_up()
    before = GuessCounter.objects.get()
    for _ in range(20):
        assert not passes()
    after = GuessCounter.objects.get()
    assert (after.count, after.open_at) == (before.count, before.open_at) == (POLICY.free, before.open_at)


def test_after_the_most_none_is_let_through_however_long_one_waits():
    for _ in range(POLICY.most):
        time_passes(60)
        assert passes()
    time_passes(10**6)
    assert not passes()
    assert wait() == 6


@pytest.mark.spec("NIST SP 800-63B-4", "3.2.2")
@pytest.mark.parametrize("policy", [SIGN_IN, ONE_TIME_CODE])
def test_the_hundred_and_first_guess_is_refused(policy):
    for _ in range(100):
        assert passes(policy)
        time_passes(3600)
    assert not passes(policy)


def test_a_success_resets_the_counter():
    use_up()
    assert not passes()
    guesses.reset(POLICY, "alice")
    assert all(passes() for _ in range(POLICY.free))


def test_resetting_what_was_never_counted_is_fine():
    guesses.reset(POLICY, "nobody")
    assert not GuessCounter.objects.exists()


def test_targets_and_policies_count_apart():
    other = GuessPolicy("other", free=1, most=8, longest_wait=POLICY.longest_wait, memory=POLICY.memory)
    use_up()
    assert not passes()
    assert passes(target="bob")
    assert passes(policy=other)


@pytest.mark.parametrize("spelling", ["ALICE", "Alice", "\uff41lice"])
def test_spellings_of_one_name_count_as_one(spelling):
    use_up(target=spelling)
    assert not passes(target="alice")


@pytest.mark.parametrize("target", ["", "x" * 10_000, "\x00", "한국어", "a\nb"])
def test_any_text_can_be_a_target(target):
    use_up(target=target)
    assert not passes(target=target)


def test_only_digests_are_kept():
    passes(target="alice@example.com")
    [counter] = GuessCounter.objects.all()
    assert counter.key.startswith("test:")
    assert "alice" not in f"{counter.key}{counter}"
    assert len(counter.key) == len("test:") + 64


def test_a_counter_is_forgotten_after_its_memory():
    passes()
    counter = GuessCounter.objects.get()
    assert abs(counter.forget_at - clock.now() - POLICY.memory) < timedelta(seconds=5)
    assert not GuessCounter.objects.forgotten(clock.now()).exists()
    assert GuessCounter.objects.forgotten(clock.now() + POLICY.memory + timedelta(seconds=5)).exists()


def test_without_rate_limits_nothing_is_counted(settings):
    settings.RATE_LIMITS = False
    assert all(passes() for _ in range(20))
    assert not GuessCounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_do_not_beat_the_counter():
    """Eight threads with sixty guesses each (CVE-2024-4629, CVE-2023-47111 of other products)."""

    started = time.monotonic()
    let_through = sum(at_once(8, lambda: sum(passes(SIGN_IN) for _ in range(60))))
    waited = (1 + int(time.monotonic() - started)).bit_length()  # waits of 1, 2, 4 ... s that fit in the time taken
    assert SIGN_IN.free <= let_through <= SIGN_IN.free + waited
    assert GuessCounter.objects.get().count == let_through


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_many_begin_at_once_is_one():
    policy = GuessPolicy("test", free=8, most=16, longest_wait=POLICY.longest_wait, memory=POLICY.memory)
    assert at_once(8, lambda: passes(policy)) == [True] * 8
    assert GuessCounter.objects.get().count == 8


@pytest.mark.django_db(transaction=True)
def test_guesses_are_not_taken_within_a_transaction_that_could_roll_them_back():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        guesses.take(POLICY, "alice")


@pytest.mark.django_db(transaction=True)
def test_the_counter_is_the_same_for_every_process():
    use_up()
    assert at_once(1, passes) == [False]


def test_a_time_that_python_wrote_opens_the_counter_too():
    passes()
    GuessCounter.objects.update(open_at=clock.now().replace(microsecond=0) - timedelta(seconds=1))
    assert passes()
    GuessCounter.objects.update(open_at=DatabaseNow(timedelta(seconds=30)))
    assert 28 <= wait() <= 30


def test_what_is_gone_is_forgotten_under_every_policy():
    for policy in (SIGN_IN, ONE_TIME_CODE):
        guesses.take(policy, "alice")
        guesses.take(policy, "bob")
    guesses.forget("alice")
    assert GuessCounter.objects.count() == 2

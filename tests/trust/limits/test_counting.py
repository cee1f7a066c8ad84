"""Counting a guess: both ways count alike, and say the same of the next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from tests.accounts.models.test_session_rotation import both_ways
from tests.shared_statements import asked, in_loop, together
from trust.lib import clock
from trust.limits.conf import MAIL, ONE_MAILED_CODE, SIGN_IN, SIGN_IN_FROM_KNOWN_DEVICE, GuessPolicy
from trust.limits.counting import GuessAsk, counting
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
# The free guess is followed by a wait; the longest wait is no power of two.
STRICT = GuessPolicy("strict", free=1, most=6, longest_wait=timedelta(seconds=6), memory=timedelta(days=1))
POLICIES = [STRICT, SIGN_IN, SIGN_IN_FROM_KNOWN_DEVICE, ONE_MAILED_CODE, MAIL]


def waits(writer: Any, policy: GuessPolicy, times: int) -> list[float]:
    """Return the seconds of each wait, when each guess comes as soon as the last wait is over."""
    seen = []
    for _ in range(times):
        GuessCounter.objects.update(open_at=clock.now() - MINUTE)
        if asked(writer, counting(policy), GuessAsk("key")) is None:
            break
        seen.append(round((GuessCounter.objects.get().open_at - clock.now()).total_seconds()))
    return seen


@both_ways
@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_each_wait_is_twice_the_last_up_to_the_longest(writer: Any, policy: GuessPolicy) -> None:
    longest = policy.longest_wait.total_seconds()
    expected = [0] * (policy.free - 1) + [min(2**step, longest) for step in range(policy.most)]
    assert waits(writer, policy, times=25) == expected[: min(policy.most, 25)]


@both_ways
def test_a_refused_guess_changes_nothing(writer: Any) -> None:
    for _ in range(2):
        asked(writer, counting(STRICT), GuessAsk("key"))
    before = GuessCounter.objects.values().get()
    assert asked(writer, counting(STRICT), GuessAsk("key")) is None
    assert GuessCounter.objects.values().get() == before
    assert before["count"] == 1


@both_ways
def test_each_guess_is_remembered_anew(writer: Any) -> None:
    asked(writer, counting(SIGN_IN), GuessAsk("key"))
    GuessCounter.objects.update(forget_at=F("forget_at") - timedelta(days=9))
    asked(writer, counting(SIGN_IN), GuessAsk("key"))
    assert abs(GuessCounter.objects.get().forget_at - clock.now() - SIGN_IN.memory) < MINUTE


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_in_one_statement_are_counted_each() -> None:
    """Of those who guess at the same thing at once, one is counted and let through; the others ask again."""
    asks = [GuessAsk(key) for key in ("a", "b", "a", "c", "a")]
    answers = in_loop(lambda: together(counting(SIGN_IN), asks))
    assert sorted(GuessCounter.objects.values_list("key", "count")) == [
        (key, sum(answer is True for ask, answer in zip(asks, answers, strict=True) if ask.key == key)) for key in "abc"
    ]
    assert answers.count(True) >= 3

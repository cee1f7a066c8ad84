"""Things usable once, by whichever process sees them first."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from trust.limits import once
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

MEMORY = timedelta(minutes=3)


def use(value="123456", name="code") -> bool:
    return once.use(name, value, memory=MEMORY)


def test_a_value_is_good_once():
    assert [use(), use(), use()] == [True, False, False]


def test_values_and_names_are_apart():
    assert use()
    assert use("654321")
    assert use(name="jti")


def test_a_value_is_good_again_when_it_is_forgotten():
    use()
    GuessCounter.objects.update(forget_at=GuessCounter.objects.get().forget_at - MEMORY - timedelta(seconds=5))
    assert use()


def test_only_digests_are_kept():
    use("a secret code")
    assert "secret" not in GuessCounter.objects.get().key


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_may():
    assert sorted(at_once(8, use)) == [False] * 7 + [True]

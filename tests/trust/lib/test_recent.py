"""Values that were worked out a moment ago: so many and no more, those asked for longest ago first to go."""

import sys
import threading

import pytest

from trust.lib.recent import Recent


def test_keeps_what_is_kept_and_knows_of_nothing_else():
    recent = Recent(most=4)
    recent.keep("a", 1)
    assert (recent.get("a"), recent.get("b")) == (1, None)


def test_a_value_kept_again_is_the_new_one():
    recent = Recent(most=4)
    recent.keep("a", 1)
    recent.keep("a", 2)
    assert recent.get("a") == 2


def test_a_full_generation_stays_until_the_next_is_full():
    recent = Recent(most=3)
    for key in "abc":
        recent.keep(key, key)
    recent.keep("d", "d")
    assert [recent.get(key) for key in "d"] == ["d"]
    recent.keep("e", "e")
    recent.keep("f", "f")
    recent.keep("g", "g")
    assert [recent.get(key) for key in "abc"] == [None] * 3
    assert [recent.get(key) for key in "defg"] == ["d", "e", "f", "g"]


def test_what_is_asked_for_stays():
    recent = Recent(most=3)
    recent.keep("wanted", 1)
    for number in range(50):
        recent.keep(number, number)
        assert recent.get("wanted") == 1


def test_an_old_value_never_comes_back_for_a_newer_one():
    recent = Recent(most=2)
    recent.keep("a", "old")
    recent.keep("b", 1)
    recent.keep("c", 1)  # a is of the older generation now
    recent.keep("a", "new")
    assert recent.get("a") == "new"
    recent.keep("d", 1)
    assert recent.get("a") == "new"


@pytest.mark.parametrize("most", [1, 2, 7])
def test_holds_no_more_than_two_generations(most):
    recent = Recent(most=most)
    for number in range(100):
        recent.keep(number, number)
    kept = [number for number in range(100) if recent.get(number) is not None]
    assert most <= len(kept) <= 2 * most


def test_forgets_everything():
    recent = Recent(most=2)
    for number in range(4):
        recent.keep(number, number)
    recent.forget()
    assert [recent.get(number) for number in range(4)] == [None] * 4


def test_threads_never_get_anothers_value_nor_an_error():
    recent = Recent(most=16)
    wrong = []

    def hammer(seed):
        try:
            for number in range(4000):
                key = (number * seed) % 61
                recent.keep(key, key * 1000)
                found = recent.get((key * 7) % 61)
                if found not in (None, ((key * 7) % 61) * 1000):
                    wrong.append((key, found))
                if number % 500 == 0:
                    recent.forget()
        except Exception as error:
            wrong.append(error)

    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=hammer, args=[seed]) for seed in (3, 5, 7, 11)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        sys.setswitchinterval(pace)
    assert wrong == []
    still = [key for key in range(61) if recent.get(key) is not None]
    assert len(still) <= 2 * 16 + 4, "as many more as there are threads, at most"

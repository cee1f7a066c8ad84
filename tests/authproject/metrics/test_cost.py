"""What counting costs, and that threads lose nothing."""

import timeit

import pytest

from authproject.metrics import observe
from authproject.metrics.recorder import recorder
from tests.at_once import at_once

DEAREST = 2.0  # microseconds for one request
TIMES = 100_000


@pytest.mark.slow
def test_an_answer_is_counted_in_less_than_two_microseconds() -> None:
    runs = timeit.repeat(lambda: observe("token", "POST", 200, 0.0021), number=TIMES, repeat=7)
    assert min(runs) / TIMES * 1e6 < DEAREST


@pytest.mark.django_db
def test_threads_that_count_at_once_lose_nothing() -> None:
    def count() -> None:
        for _ in range(2000):
            observe("token", "POST", 200, 0.5)

    at_once(8, count)
    numbers = next(iter(recorder.places())).numbers
    assert numbers["requests", "token", "POST", "200"] == (16_000.0,)
    assert (numbers["seconds", "token"][0], sum(numbers["seconds", "token"][1:])) == (8_000.0, 16_000.0)

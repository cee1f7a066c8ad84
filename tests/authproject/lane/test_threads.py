"""The threads beside the loop: few at once, more where some wait, and nothing lost."""

import asyncio
import threading
import time
from contextlib import contextmanager

import pytest

from authproject.lane.threads import Threads
from trust.lib import turns

SOON = 10  # seconds, on a machine that stalls


@contextmanager
def threads(at_once=2, most=4):
    made = Threads(at_once=at_once, most=most)
    try:
        yield made
    finally:
        made.shutdown()


class Gate:
    """Holds up whoever comes, and knows how many are there."""

    def __init__(self):
        self._lock = threading.Lock()
        self._open = threading.Event()
        self.inside = self.highest = 0

    def wait(self):
        with self._lock:
            self.inside += 1
            self.highest = max(self.highest, self.inside)
        try:
            assert self._open.wait(SOON)
        finally:
            with self._lock:
                self.inside -= 1

    def wait_away(self):
        with turns.given_away():
            self.wait()

    def open(self):
        self._open.set()

    async def until(self, count):
        deadline = time.monotonic() + SOON
        while self.inside != count:
            assert time.monotonic() < deadline, (self.inside, count)
            await asyncio.sleep(0.001)


def run(work):
    return asyncio.run(asyncio.wait_for(work, 3 * SOON))


def test_tells_what_came_of_the_work():
    async def work(made):
        return await asyncio.gather(*(made.run(lambda number=number: number * 2) for number in range(20)))

    with threads() as made:
        assert run(work(made)) == [number * 2 for number in range(20)]


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3)])
def test_an_error_comes_to_who_asked_and_the_thread_goes_on(error):
    def fail():
        raise error

    async def work(made):
        try:
            await made.run(fail)
        except BaseException as raised:
            return raised, await made.run(lambda: "next")

    with threads(at_once=1) as made:
        assert run(work(made)) == (error, "next")


async def most_at_once(made, *, asked, expected):
    """Ask for so much at once, and return how much of it was done at the same time."""
    gate = Gate()
    answers = [made.run(gate.wait) for _ in range(asked)]
    await gate.until(expected)
    await asyncio.sleep(0.05)
    gate.open()
    await asyncio.gather(*answers)
    return gate.highest


def test_no_more_compute_at_once_than_may():
    with threads(at_once=2, most=8) as made:
        assert run(most_at_once(made, asked=10, expected=2)) == 2


def test_others_begin_while_some_wait_long():
    slow, quick = Gate(), Gate()

    async def work(made):
        waiting = [made.run(slow.wait_away) for _ in range(3)]
        await slow.until(3)
        asked = [made.run(quick.wait) for _ in range(5)]
        await quick.until(2)
        await asyncio.sleep(0.05)
        quick.open()
        await asyncio.gather(*asked)
        slow.open()
        await asyncio.gather(*waiting)
        return [await made.run(lambda: "served") for _ in range(5)]

    with threads(at_once=2, most=8) as made:
        assert run(work(made)) == ["served"] * 5
        assert len(made._threads) == 5
    assert quick.highest == 2


def test_there_are_never_more_threads_than_most_and_who_comes_back_serves_the_rest():
    slow = Gate()

    async def work(made):
        waiting = [made.run(slow.wait_away) for _ in range(3)]
        await slow.until(3)
        late = made.run(lambda: "late")
        await asyncio.sleep(0.05)
        assert not late.done()
        slow.open()
        await asyncio.gather(*waiting)
        return await late

    with threads(at_once=2, most=3) as made:
        assert run(work(made)) == "late"
        assert len(made._threads) == 3


def test_others_begin_where_all_stand_still_without_a_word():
    slow = Gate()

    async def work(made):
        waiting = [made.run(slow.wait) for _ in range(2)]
        await slow.until(2)
        late = [made.run(lambda: "late")]
        await asyncio.sleep(0.3)
        assert not late[0].done()
        late.append(made.run(lambda: "later"))
        told = await asyncio.gather(*late)
        slow.open()
        await asyncio.gather(*waiting)
        return told

    with threads(at_once=2, most=3) as made:
        assert run(work(made)) == ["late", "later"]
        assert len(made._threads) == 3


def test_after_a_rush_as_few_compute_as_before():
    slow = Gate()

    async def work(made):
        waiting = [made.run(slow.wait_away) for _ in range(6)]
        await slow.until(6)
        slow.open()
        await asyncio.gather(*waiting)
        for _ in range(20):  # threads too many rest as soon as each has done one thing more
            await made.run(lambda: None)
        return await most_at_once(made, asked=6, expected=2)

    with threads(at_once=2, most=8) as made:
        assert run(work(made)) == 2


def test_ten_thousand_requests_with_waits_among_them_are_all_answered():
    def wait_a_little(number):
        if number % 7 == 0:
            with turns.given_away():
                time.sleep(0.0002)
        return number

    async def work(made):
        told = []
        for start in range(0, 10_000, 100):
            batch = range(start, start + 100)
            told += await asyncio.gather(*(made.run(lambda number=number: wait_a_little(number)) for number in batch))
        return told

    with threads(at_once=3, most=9) as made:
        assert run(work(made)) == list(range(10_000))
        assert len(made._threads) <= 9


def test_ends_after_what_it_is_at():
    gate, ended = Gate(), []

    def work_on():
        gate.wait()
        ended.append(True)

    async def work(made):
        asked = made.run(work_on)
        await gate.until(1)
        asked.cancel()

    made = Threads(at_once=1, most=1)
    run(work(made))  # whoever asked is gone, and so is the loop
    gate.open()
    made.shutdown()
    assert ended == [True]

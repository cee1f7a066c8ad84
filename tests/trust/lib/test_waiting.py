"""Coroutines run where there is no loop, and what would block one done in a thread."""

import asyncio
import threading
import time
from contextvars import ContextVar

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection, connections

from trust.lib.waiting import aside, at_once, in_thread, is_in_loop, soon

SAID = ContextVar("SAID", default="nothing")


async def adding(*numbers):
    total = 0
    for number in numbers:
        total += await identity(number)
    return total


async def identity(number):
    return number


def test_runs_coroutines_that_wait_for_nothing_as_if_they_were_functions():
    assert at_once(adding(1, 2, 3)) == 6


def test_hands_on_what_a_coroutine_raises():
    async def failing():
        await identity(1)
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        at_once(failing())


def test_a_coroutine_that_waits_for_a_loop_is_a_bug_and_is_closed():
    closed = []

    async def waiting():
        try:
            await asyncio.sleep(0)
        finally:
            closed.append(True)

    with pytest.raises(RuntimeError, match="event loop"):
        at_once(waiting())
    assert closed == [True]


def test_knows_whether_there_is_a_loop_in_this_thread():
    async def asked():
        return is_in_loop(), await in_thread(is_in_loop)

    assert not is_in_loop()
    assert asyncio.run(asked()) == (True, False)


def where():
    return threading.current_thread().name


def refusing_the_loop():
    if is_in_loop():
        raise SynchronousOnlyOperation
    return where()


def test_without_a_loop_everything_is_done_here():
    assert at_once(aside(where)) == where()


def test_in_a_loop_what_asks_nobody_is_done_there():
    assert asyncio.run(aside(where)) == where()


def test_in_a_loop_what_would_block_is_done_in_a_thread():
    assert asyncio.run(aside(refusing_the_loop)).startswith("aside")


@pytest.mark.parametrize("is_blocking", [True, False])
def test_what_goes_wrong_aside_is_told(is_blocking):
    def failing():
        if is_blocking:
            refusing_the_loop()
        raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        asyncio.run(aside(failing))


def test_another_mistake_is_not_tried_again():
    times = []

    def failing():
        times.append(1)
        raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        asyncio.run(aside(failing))
    assert len(times) == 1


def test_a_thread_knows_which_request_it_works_for():
    async def asking(name):
        SAID.set(name)
        return await in_thread(SAID.get)

    async def many():
        return await asyncio.gather(*(asking(f"request {number}") for number in range(20)))

    assert asyncio.run(many()) == [f"request {number}" for number in range(20)]


def test_a_loop_goes_on_while_threads_wait():
    async def many():
        begun = time.monotonic()
        await asyncio.gather(*(in_thread(lambda: time.sleep(0.1)) for _ in range(8)))
        return time.monotonic() - begun

    assert asyncio.run(many()) < 0.5


def test_without_a_loop_what_nobody_waits_for_is_done_now():
    done = []
    soon(lambda: done.append(where()))
    assert done == [where()]


def test_in_a_loop_what_nobody_waits_for_is_done_in_a_thread():
    done = threading.Event()

    async def asking():
        soon(lambda: refusing_the_loop() and done.set())

    asyncio.run(asking())
    assert done.wait(10)


@pytest.mark.django_db(transaction=True)
def test_a_thread_leaves_its_connection_in_order(settings):
    """One that is past its age is closed before and after the work."""
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    wrappers = []

    def asking():
        wrappers.append(connections["default"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return connection.connection is not None

    try:
        assert asyncio.run(in_thread(asking))
    finally:
        connections["default"].settings_dict["CONN_MAX_AGE"] = 60
    assert wrappers[0].connection is None
    assert wrappers[0] is not connections["default"]

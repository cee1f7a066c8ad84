"""What a process remembers of the database: for a moment, looked up by one of many, and never that there was nothing."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import OperationalError

from trust.lib import remembered, waiting
from trust.lib.remembered import FRESH_SECONDS, Remembered


class Shelf:
    """What is looked up: values by key, how often, and what goes wrong."""

    def __init__(self):
        self.values = {"app": 1}
        self.looks = []
        self.broken_by = None

    def look_up(self, key):
        self.looks.append(key)
        if self.broken_by is not None:
            raise self.broken_by
        return self.values.get(key)


class SlowShelf(Shelf):
    """One that answers when it is let, with what was there when it was asked."""

    def __init__(self):
        super().__init__()
        self.begun, self.let = threading.Event(), threading.Event()

    def look_up(self, key):
        found = super().look_up(key)
        self.begun.set()
        assert self.let.wait(timeout=30)
        return found


@pytest.fixture
def hands(monkeypatch):
    """The hands of the clock by which copies grow old."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(remembered, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def memory(shelf):
    return Remembered(shelf.look_up)


def test_a_copy_is_good_for_a_second_and_no_longer(hands, shelf, memory):
    assert FRESH_SECONDS == 1
    assert [memory.get("app"), memory.get("app")] == [1, 1]
    shelf.values["app"] = 2
    hands.now += 0.999
    assert memory.get("app") == 1
    hands.now += 0.001
    assert memory.get("app") == 2
    assert shelf.looks == ["app", "app"]


def test_the_second_begins_before_the_look(hands, memory, shelf):
    """What was read may be as old as the moment at which it was asked for."""

    def slowly(key):
        hands.now += 0.75
        return shelf.look_up(key)

    slow = Remembered(slowly)
    slow.get("app")
    hands.now += 0.5
    slow.get("app")
    assert len(shelf.looks) == 2


def test_that_there_was_nothing_is_never_remembered(shelf, memory):
    assert memory.get("new") is None
    shelf.values["new"] = 7
    assert memory.get("new") == 7


def test_what_is_gone_is_gone_at_the_next_look(hands, shelf, memory):
    memory.get("app")
    del shelf.values["app"]
    hands.now += 1
    assert memory.get("app") is None
    shelf.values["app"] = 3
    assert memory.get("app") == 3


def test_keys_are_apart(shelf, memory):
    shelf.values["other"] = 9
    assert [memory.get("app"), memory.get("other"), memory.get("app")] == [1, 9, 1]
    shelf.values.update(app=2, other=8)
    memory.forget("app")
    assert [memory.get("app"), memory.get("other")] == [2, 9]


def test_forgets_everything(shelf, memory):
    shelf.values["other"] = 9
    memory.get("app"), memory.get("other")
    shelf.values.update(app=2, other=8)
    memory.forget()
    assert [memory.get("app"), memory.get("other")] == [2, 8]


@pytest.fixture
def slow_shelf():
    made = SlowShelf()
    made.let.set()
    return made


@pytest.fixture
def reading(hands, slow_shelf):
    """A memory with a copy a second old, and a thread that is just looking again."""
    memory = Remembered(slow_shelf.look_up)
    assert memory.get("app") == 1
    slow_shelf.let.clear()
    slow_shelf.begun.clear()
    hands.now += 1
    seen = []
    reader = threading.Thread(target=lambda: seen.append(memory.get("app")))
    reader.start()
    assert slow_shelf.begun.wait(timeout=30)
    yield SimpleNamespace(memory=memory, seen=seen, reader=reader)
    slow_shelf.let.set()
    reader.join(timeout=30)


def test_while_one_looks_the_others_go_on_for_a_second_more(hands, slow_shelf, reading):
    slow_shelf.values["app"] = 2
    assert [reading.memory.get("app") for _ in range(5)] == [1] * 5
    hands.now += 0.999
    assert reading.memory.get("app") == 1
    assert len(slow_shelf.looks) == 2, "the first look and the reader's"
    hands.now += 0.001
    slow_shelf.let.set()
    assert reading.memory.get("app") == 2, "two seconds are too much, whoever looks"


def test_what_the_one_found_is_everybodys(slow_shelf, reading):
    slow_shelf.let.set()
    reading.reader.join(timeout=30)
    assert reading.seen == [1]
    assert reading.memory.get("app") == 1
    assert len(slow_shelf.looks) == 2


def test_who_forgets_while_somebody_looks_is_obeyed(slow_shelf, reading):
    """The look may have begun before the change: what it finds is not kept."""
    slow_shelf.values["app"] = 2
    reading.memory.forget("app")
    slow_shelf.let.set()
    reading.reader.join(timeout=30)
    assert reading.seen == [1], "the reader asked before the change"
    assert reading.memory.get("app") == 2


def test_a_database_that_is_down_is_forgiven_for_five_seconds(hands, shelf, memory):
    memory.get("app")
    shelf.broken_by = OperationalError("gone")
    for age in (1.0, 3.0, 5.0):
        hands.now = 1000 + age
        assert memory.get("app") == 1
    hands.now += 0.001
    with pytest.raises(OperationalError):
        memory.get("app")


def test_time_that_a_look_took_in_vain_counts(hands, shelf):
    def in_vain(key):
        if shelf.broken_by:
            hands.now += 4
        return shelf.look_up(key)

    memory = Remembered(in_vain)
    memory.get("app")
    shelf.broken_by = OperationalError("gone")
    hands.now += 2
    with pytest.raises(OperationalError):
        memory.get("app")


def test_forgiving_makes_no_copy_younger(hands, shelf, memory):
    memory.get("app")
    shelf.broken_by = OperationalError("gone")
    hands.now += 4
    memory.get("app")
    shelf.broken_by = None
    shelf.values["app"] = 2
    assert memory.get("app") == 2


def test_a_database_that_is_down_is_not_forgiven_without_a_copy(shelf, memory):
    shelf.broken_by = OperationalError("gone")
    with pytest.raises(OperationalError):
        memory.get("app")
    memory_of_another = Remembered(Shelf().look_up)
    assert memory_of_another.get("app") == 1


def test_what_was_forgotten_is_not_forgiven(hands, shelf, memory):
    memory.get("app")
    memory.forget("app")
    shelf.broken_by = OperationalError("gone")
    with pytest.raises(OperationalError):
        memory.get("app")


def asked_in_a_loop(memory, key="app"):
    """Ask in an event loop, and wait until whoever looks beside it has done so."""

    async def ask():
        found = memory.get(key)
        await asyncio.sleep(0)
        await waiting.in_thread(lambda: None)
        return found

    return asyncio.run(ask())


@pytest.mark.parametrize("age", [2.0, 4.0])
def test_an_event_loop_looks_up_nothing_itself(hands, shelf, memory, age):
    """Before there is a copy, and when it is too old to go on with."""
    with pytest.raises(SynchronousOnlyOperation):
        asked_in_a_loop(memory)
    assert shelf.looks == []
    memory.get("app")
    hands.now += age
    with pytest.raises(SynchronousOnlyOperation):
        asked_in_a_loop(memory)
    shelf.values["app"] = 2
    assert memory.get("app") == 2


def test_an_event_loop_goes_on_with_a_copy_of_a_second_while_a_thread_looks_again(hands, shelf, monkeypatch):
    monkeypatch.setattr(waiting, "_threads", ThreadPoolExecutor(1))
    memory = Remembered(shelf.look_up)
    memory.get("app")
    shelf.values["app"] = 2
    assert asked_in_a_loop(memory) == 1
    hands.now += 1.5
    assert asked_in_a_loop(memory) == 1
    assert shelf.looks == ["app", "app"]
    assert asked_in_a_loop(memory) == 2


def test_of_many_in_an_event_loop_one_has_a_thread_look(hands, slow_shelf):
    memory = Remembered(slow_shelf.look_up)
    memory.get("app")
    hands.now += 1
    slow_shelf.let.clear()

    async def ask():
        found = [memory.get("app") for _ in range(50)]
        slow_shelf.let.set()
        return found

    assert asyncio.run(ask()) == [1] * 50
    deadline = time.monotonic() + 30
    while len(slow_shelf.looks) < 2 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(slow_shelf.looks) == 2


def test_a_thread_that_looks_in_vain_beside_an_event_loop_says_so(hands, shelf, monkeypatch, caplog):
    monkeypatch.setattr(waiting, "_threads", ThreadPoolExecutor(1))
    memory = Remembered(shelf.look_up, fresh_for=10)
    memory.get("app")
    shelf.broken_by = OperationalError("gone")
    monkeypatch.setattr(remembered, "_SHARED_SECONDS", 20)
    hands.now += 15
    assert asked_in_a_loop(memory) == 1
    assert "cannot be looked up again: OperationalError" in caplog.text


def test_nothing_is_remembered_that_is_not_to_be_fresh_at_all(shelf):
    memory = Remembered(shelf.look_up, fresh_for=0)
    memory.get("app"), memory.get("app")
    assert len(shelf.looks) == 2


def test_it_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(remembered, "_MOST", 10)
    looks = []
    memory = Remembered(lambda key: looks.append(key) or key)
    for number in range(1000):
        assert memory.get(str(number)) == str(number)
    looks.clear()
    for number in range(1000):
        memory.get(str(number))
    assert len(looks) >= 990


def test_many_threads_see_no_value_older_than_what_they_forgot():
    """Each thread writes its own key, forgets it and reads it: its own writing is what it reads, whoever else does."""
    values = {}
    memory = Remembered(values.get)
    wrong = []

    def write(key):
        for number in range(300):
            values[key] = number
            memory.forget(key)
            if memory.get(key) != number:
                wrong.append((key, number))

    threads = [threading.Thread(target=write, args=[f"key {number}"]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert wrong == []

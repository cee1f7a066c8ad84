"""Marks in Redis, alone and many together."""

import asyncio
import os
import signal
import socket
import time

import pytest
from django.core.cache import caches

from tests.redis_server import BINARY, RedisServer
from trust.lib.marks import Marks
from trust.lib.waiting import at_once

pytestmark = pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server")


@pytest.fixture
def redis(tmp_path, settings):
    with RedisServer(tmp_path) as server:
        settings.CACHES = {
            "default": {
                "BACKEND": "trust.lib.cache.FallbackRedisCache",
                "LOCATION": server.url,
                "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
            }
        }
        yield server
        caches.close_all()


def test_a_mark_is_made_once_by_whoever_comes(redis) -> None:
    assert [at_once(Marks(seconds=60).make("one")) for _ in range(3)] == [True, False, False]
    assert at_once(Marks(seconds=60).make("another")) is True


def test_a_mark_goes_after_its_time(redis) -> None:
    marks = Marks(seconds=1)
    at_once(marks.make("one"))
    there = caches["default"]
    assert 0 < there._cache.get_client().pttl(there.make_key("one")) <= 1000


async def make_many(marks: Marks, *names: str) -> list[bool | None]:
    return await asyncio.gather(*map(marks.make, names))


def test_many_in_an_event_loop_are_made_once_each(redis) -> None:
    marks, names = Marks(seconds=60), [f"{number}" for number in range(500)]
    assert asyncio.run(make_many(marks, *names)) == [True] * 500
    assert asyncio.run(make_many(marks, *reversed(names))) == [False] * 500


def test_a_loop_and_a_thread_see_the_same_marks(redis) -> None:
    marks = Marks(seconds=60)
    assert at_once(marks.make("one")) is True
    assert asyncio.run(make_many(marks, "one", "two")) == [False, True]
    assert at_once(marks.make("two")) is False
    there = caches["default"]
    assert 0 < there._cache.get_client().ttl(there.make_key("two")) <= 60


def test_a_loop_finds_redis_again_after_it_was_gone(redis) -> None:
    marks = Marks(seconds=60)

    async def through_a_restart() -> list[bool | None]:
        made = [await marks.make("one")]
        redis.kill()
        made.append(await marks.make("two"))
        made.append(await marks.make("two"))
        redis.start()
        marks.forget()  # as if a second had passed
        made.append(await marks.make("two"))
        return made

    assert asyncio.run(through_a_restart()) == [True, None, None, True]


def test_a_server_that_says_nothing_keeps_nobody_waiting(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = {"BACKEND": "trust.lib.cache.FallbackRedisCache", "OPTIONS": {"socket_timeout": 0.1}}
        settings.CACHES = {"default": there | {"LOCATION": f"redis://127.0.0.1:{silent.getsockname()[1]}"}}
        marks = Marks(seconds=60)
        began = time.monotonic()
        assert asyncio.run(make_many(marks, *"abcdefgh")) == [None] * 8
        assert asyncio.run(make_many(marks, "i")) == [None]
        assert time.monotonic() - began < 5


def test_a_server_that_stops_in_the_middle_keeps_nobody_waiting(redis) -> None:
    marks = Marks(seconds=60)

    async def stopped() -> list[bool | None]:
        await marks.make("one")
        os.kill(redis._process.pid, signal.SIGSTOP)
        try:
            return await make_many(marks, "two", "three")
        finally:
            os.kill(redis._process.pid, signal.SIGCONT)

    assert asyncio.run(stopped()) == [None, None]


def test_what_redis_refuses_is_no_mark(redis) -> None:
    there = caches["default"]
    there._cache.get_client().config_set("maxmemory", "1")
    there._cache.get_client().config_set("maxmemory-policy", "noeviction")
    assert asyncio.run(make_many(Marks(seconds=60), "one")) == [None]
    assert at_once(Marks(seconds=60).make("one")) is None


def test_without_redis_nobody_can_tell(redis) -> None:
    marks = Marks(seconds=60)
    assert marks.seem_kept()
    redis.kill()
    assert at_once(marks.make("one")) is None
    assert not marks.seem_kept()

    assert asyncio.run(make_many(Marks(seconds=60), "one", "two")) == [None, None]


def test_a_deployment_without_redis_keeps_none(settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert (at_once(Marks(seconds=60).make("one")), Marks(seconds=60).seem_kept()) == (None, False)

"""The shared cache while Redis is there, gone, and back."""

import logging
import time

import pytest
from django.core.cache import cache as django_cache
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings

from tests.redis_server import BINARY, RedisServer
from trust.lib.cache import FallbackRedisCache, count
from trust.limits import rates
from trust.limits.conf import RatePolicy
from trust.limits.errors import LimitExceeded

pytestmark = pytest.mark.skipif(BINARY is None, reason="needs Redis: apt install redis-server")

OPTIONS = {"OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}}


@pytest.fixture
def redis(tmp_path):
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def cache(redis):
    LocMemCache("redis-stand-in", {}).clear()
    return FallbackRedisCache(redis.url, OPTIONS)


def test_values_are_shared_while_redis_is_there(redis, cache):
    other = FallbackRedisCache(redis.url, OPTIONS)
    cache.set("key", "value")
    assert other.get("key") == "value"
    assert cache.add("key", "other") is False
    cache.add("count", 0)
    assert [cache.incr("count"), other.incr("count")] == [1, 2]


def test_every_verb_works_while_redis_is_gone(redis, cache, caplog):
    cache.set("before", 1)
    redis.kill()
    with caplog.at_level(logging.ERROR):
        assert cache.get("before", "default") == "default"
        assert cache.add("key", 1)
        assert cache.has_key("key")
        assert cache.incr("key") == 2
        assert cache.touch("key")
        cache.set_many({"a": 1, "b": 2})
        assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
        cache.delete_many(["a"])
        assert cache.get_or_set("b", 3) == 2
        assert cache.delete("key")
    assert "redis" in caplog.text
    with pytest.raises(ValueError):
        cache.incr("key")


def test_redis_gone_costs_milliseconds_and_one_log_line_a_second(redis, cache, caplog):
    redis.kill()
    started = time.monotonic()
    for number in range(200):
        cache.set(str(number), number)
    taken = time.monotonic() - started
    assert taken < 3
    assert len(caplog.records) <= 1 + taken


def test_redis_is_used_again_when_it_is_back(redis, cache):
    redis.kill()
    cache.set("key", "in memory")
    redis.start()
    time.sleep(1.1)
    cache.set("key", "shared")
    assert FallbackRedisCache(redis.url, OPTIONS).get("key") == "shared"


def test_limits_keep_counting_while_redis_is_gone(redis):
    """Never open: with Redis down the process counts for itself (CVE class: fail-open limiters)."""
    policy = RatePolicy("test", attempts=5, window=3600)
    backend = {"BACKEND": "trust.lib.cache.FallbackRedisCache", "LOCATION": redis.url, **OPTIONS}
    with override_settings(CACHES={"default": backend}):
        caches["default"].clear()
        LocMemCache("redis-stand-in", {}).clear()
        passed = [_passes(policy) for _ in range(3)]
        redis.kill()
        passed += [_passes(policy) for _ in range(20)]
    assert sum(passed) == 3 + 5
    assert passed[-1] is False


def test_counting_is_one_command_and_the_first_one_says_how_long(redis, cache):
    assert [cache.count("key", 60), cache.count("key", 5), cache.count("other", 60)] == [1, 2, 1]
    assert 55 < cache._cache.get_client().ttl(cache.make_key("key")) <= 60


def test_a_count_goes_on_in_memory_while_redis_is_gone(redis, cache):
    cache.count("key", 60)
    redis.kill()
    assert [cache.count("key", 60), cache.count("key", 60)] == [1, 2]


def test_a_cache_without_such_a_command_counts_in_two_steps():
    django_cache.clear()
    assert [count("key", seconds=60), count("key", seconds=60)] == [1, 2]


def test_all_threads_of_a_process_share_a_client(redis, cache):
    """Else each would open connections of its own, and find out by itself that Redis is gone."""
    other = FallbackRedisCache(redis.url, OPTIONS)
    assert other._cache.get_client() is cache._cache.get_client()
    redis.kill()
    cache.set("key", "value")
    assert other._cache.down_until == cache._cache.down_until > time.monotonic()


def _passes(policy):
    try:
        rates.take(policy, "198.51.100.1")
    except LimitExceeded:
        return False
    return True


def test_counters_of_many_addresses_do_not_push_one_another_out(redis, cache):
    redis.kill()
    cache.add("watched", 0)
    for number in range(2000):
        cache.add(f"other-{number}", 0)
    assert cache.incr("watched") == 1

"""The shared cache, Redis, that falls back to the process's own memory while Redis cannot be reached.

Limits then count per process, never not at all, and no page depends on Redis. It is asked again a second later.
"""

import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.asyncio import async_unsafe
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_ASK_AGAIN_SECONDS: Final = 1.0
# Enough for an attacker's addresses not to push one another's counters out.
_STAND_IN_ENTRIES: Final = 100_000
_COUNT: Final = """local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count"""


def count(key: str, *, seconds: int) -> int:
    """Count one at a key, and return how many there are since the first, which is forgotten after `seconds`."""
    at_once = getattr(cache, "count", None)
    return int(at_once(key, seconds)) if at_once else _count_in_steps(cache, key, seconds)


def _count_in_steps(counters: Any, key: str, seconds: int) -> int:
    counters.add(key, 0, seconds)
    try:
        return int(counters.incr(key))
    except ValueError:  # the entry went between the two calls
        return 1


class _Client(RedisCacheClient):
    """Django's, but that the client objects of redis, which threads may share, are not made anew for each command."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.down_until = float("-inf")
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        kept = self._kept.get(write)
        if kept is None:
            kept = self._kept[write] = super().get_client(key, write=write)
        return kept

    def count(self, key: str, seconds: int) -> int:
        return int(self.get_client(key, write=True).eval(_COUNT, 1, key, seconds))

    def mark(self, key: str, seconds: int) -> bool:
        return bool(self.get_client(key, write=True).set(key, 1, nx=True, ex=seconds))


def _client_of(servers: Sequence[str], **options: Any) -> _Client:
    """Return this process's client of these servers: Django makes a cache object for each thread."""
    return _kept_client(tuple(servers), **options)


@lru_cache(16)
def _kept_client(servers: tuple[str, ...], **options: Any) -> _Client:
    return _Client(list(servers), **options)


class _CountingRedisCache(RedisCache):
    _cache: _Client

    def count(self, key: str, seconds: int) -> int:
        return int(self._cache.count(self.make_and_validate_key(key), seconds))

    def mark(self, key: str, seconds: int) -> bool | None:
        return self._cache.mark(self.make_and_validate_key(key), seconds)


class _StandIn(LocMemCache):
    def count(self, key: str, seconds: int) -> int:
        return _count_in_steps(self, key, seconds)

    def mark(self, key: str, seconds: int) -> None:
        """Make none: no other process would see it."""


class FallbackRedisCache(_CountingRedisCache):
    """Redis, or this process's memory while it is down."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Keep the stand-in ready."""
        super().__init__(server, params)
        self._stand_in = _StandIn("redis-stand-in", {"OPTIONS": {"MAX_ENTRIES": _STAND_IN_ENTRIES}})
        self._class = _client_of

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Set a value if there is none."""
        return bool(self._ask("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return a value, or the default."""
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Set a value."""
        self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Give a value a new age."""
        return bool(self._ask("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Delete a value."""
        return bool(self._ask("delete", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Count a value up."""
        return int(self._ask("incr", *args, **kwargs))

    def count(self, *args: Any, **kwargs: Any) -> int:
        """Count a value up, from nought if there is none, by one command."""
        return int(self._ask("count", *args, **kwargs))

    def mark(self, key: str, seconds: int) -> bool | None:
        """Set a key that is not there, and tell whether it was set; None without Redis: see trust.lib.marks."""
        made: bool | None = self._ask("mark", key, seconds)
        return made

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Tell whether there is a value."""
        return bool(self._ask("has_key", *args, **kwargs))

    def is_shared(self) -> bool:
        """Ask Redis for something, and tell whether it answered: if not, each process counts alone."""
        self.get("is-it-there")
        return bool(time.monotonic() >= self._cache.down_until)

    # Many at once are asked one by one, so that these fall back too.
    get_many = BaseCache.get_many
    set_many = BaseCache.set_many
    delete_many = BaseCache.delete_many

    @async_unsafe
    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._cache.down_until:
            try:
                return getattr(super(), verb)(*args, **kwargs)
            except RedisError as down:
                self._cache.down_until = time.monotonic() + _ASK_AGAIN_SECONDS
                log.error("redis cannot be reached, limits count per process: %s", type(down).__name__)
        return getattr(self._stand_in, verb)(*args, **kwargs)

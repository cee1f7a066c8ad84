"""The shared cache, Redis, that falls back to the process's own memory while Redis cannot be reached.

Limits then count per process, never not at all, and no page depends on Redis. It is asked again a second later.
"""

import logging
import time
from typing import Any, Final

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.asyncio import async_unsafe
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_ASK_AGAIN_SECONDS: Final = 1.0
# Enough for an attacker's addresses not to push one another's counters out.
_STAND_IN_ENTRIES: Final = 100_000


class FallbackRedisCache(RedisCache):
    """Redis, or this process's memory while it is down."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Keep the stand-in ready."""
        super().__init__(server, params)
        self._stand_in = LocMemCache("redis-stand-in", {"OPTIONS": {"MAX_ENTRIES": _STAND_IN_ENTRIES}})
        self._down_until = float("-inf")

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

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Tell whether there is a value."""
        return bool(self._ask("has_key", *args, **kwargs))

    # Many at once are asked one by one, so that these fall back too.
    get_many = BaseCache.get_many
    set_many = BaseCache.set_many
    delete_many = BaseCache.delete_many

    @async_unsafe
    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._down_until:
            try:
                return getattr(super(), verb)(*args, **kwargs)
            except RedisError as down:
                self._down_until = time.monotonic() + _ASK_AGAIN_SECONDS
                log.error("redis cannot be reached, limits count per process: %s", type(down).__name__)
        return getattr(self._stand_in, verb)(*args, **kwargs)

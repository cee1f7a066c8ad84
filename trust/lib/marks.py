"""Marks that all processes see, in Redis: each is made once, and is gone after a while.

Unlike what is counted (trust.lib.cache), a mark is never kept in one process alone: without Redis, who asks is told so.
"""

import asyncio
import time
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.cache import cache

from trust.lib.redis_line import Line
from trust.lib.settled import settled
from trust.lib.waiting import is_in_loop

_ASK_AGAIN_SECONDS: Final = 1.0
_PATIENCE: Final = 0.25  # seconds, where the settings name none


@settled(1)
def are_kept() -> bool:
    """Tell whether this deployment has Redis."""
    backend: str = settings.CACHES["default"]["BACKEND"]
    return backend.endswith(".FallbackRedisCache")


class Marks:
    """Marks of one kind, each kept for so many seconds."""

    def __init__(self, *, seconds: int) -> None:
        """Make none yet."""
        self._seconds = seconds
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()
        self.forget()

    async def make(self, key: str) -> bool | None:
        """Make a mark and return True; False if it was there; None where nobody can tell, since Redis is not there."""
        if not are_kept():
            return None
        made = await self._made_in_loop(key) if is_in_loop() else self._made_here(key)
        if made is None:
            self._missed_at = time.monotonic()
        return made

    def seem_kept(self) -> bool:
        """Tell whether Redis answered when it was last asked, or was not asked for a second."""
        return are_kept() and time.monotonic() >= self._missed_at + _ASK_AGAIN_SECONDS

    def forget(self) -> None:
        """Forget that Redis was not there."""
        self._missed_at = float("-inf")

    def _made_here(self, key: str) -> bool | None:
        there: Any = cache
        made: bool | None = there.mark(key, self._seconds)
        return made

    async def _made_in_loop(self, key: str) -> bool | None:
        if not self.seem_kept():  # or else each request would wait for a server that does not answer
            return None
        loop = asyncio.get_running_loop()
        line = self._lines.get(loop)
        if line is None:
            line = self._lines[loop] = _line()
        return await line.set_first(f"{_prefix()}:{key}", seconds=self._seconds)


@settled(1)
def _prefix() -> str:
    """Return what the cache puts before a key."""
    said = settings.CACHES["default"]
    return f"{said.get('KEY_PREFIX', '')}:{said.get('VERSION', 1)}"


def _line() -> Line:
    said = settings.CACHES["default"]
    options: dict[str, Any] = dict(said.get("OPTIONS", {}))
    return Line(said["LOCATION"], patience=float(options.get("socket_timeout", _PATIENCE)), **options)

"""What a process looked up a moment ago and remembers: never for long, never that there was nothing.

A copy is good for a second. Who finds it older looks again; while one thread does, the others go on with the copy for
a second more. An event loop never looks itself: for that second a thread does it beside it. A database that cannot be
read is forgiven for five seconds, as by the revocation feed.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error as DatabaseFailed

from trust.lib.waiting import is_in_loop, soon

log = logging.getLogger(__name__)

Value = TypeVar("Value")

FRESH_SECONDS: Final = 1.0
_SHARED_SECONDS: Final = 2.0
_LONGEST_SECONDS: Final = 5.0
_MOST: Final = 20_000


@dataclass(slots=True)
class _Copy(Generic[Value]):
    value: Value
    read_at: float
    being_read: bool = False


class Remembered(Generic[Value]):
    """Values by text keys, each looked up by `look_up` when it is not known, or known for too long."""

    def __init__(self, look_up: Callable[[str], Value | None], *, fresh_for: float = FRESH_SECONDS) -> None:
        """Remember nothing yet."""
        self.fresh_for = fresh_for
        self._look_up = look_up
        self._copies: dict[str, _Copy[Value]] = {}
        self._forgotten = 0  # times: a look-up that began before one of them is not remembered
        self._lock = threading.Lock()

    def get(self, key: str) -> Value | None:
        """Return the value, or None. Raises django.db.Error, and SynchronousOnlyOperation in an event loop."""
        copy = self._copies.get(key)
        if copy is not None:
            age = time.monotonic() - copy.read_at
            if age < self.fresh_for:
                return copy.value
            if age < min(self.fresh_for * 2, _SHARED_SECONDS) and (copy.being_read or self._is_read_beside(key, copy)):
                return copy.value
        if is_in_loop():  # said before a statement is made that could not be sent
            raise SynchronousOnlyOperation
        return self._read(key, copy)

    def peek(self, key: str) -> Value | None:
        """Return the value that is remembered, however old, or None."""
        copy = self._copies.get(key)
        return None if copy is None else copy.value

    def forget(self, key: str | None = None) -> None:
        """Forget one value, or all of them."""
        with self._lock:
            self._forgotten += 1
            if key is None:
                self._copies.clear()
            else:
                self._copies.pop(key, None)

    def _is_read_beside(self, key: str, copy: _Copy[Value]) -> bool:
        """Have a thread look again, if this is an event loop."""
        if not is_in_loop():
            return False
        copy.being_read = True
        soon(partial(self._read_beside, key, copy))
        return True

    def _read_beside(self, key: str, copy: _Copy[Value]) -> None:
        try:
            self._read(key, copy)
        except DatabaseFailed as unreadable:
            log.warning("what is remembered cannot be looked up again: %s", type(unreadable).__name__)

    def _read(self, key: str, copy: _Copy[Value] | None) -> Value | None:
        started, forgotten = time.monotonic(), self._forgotten
        if copy is not None:
            copy.being_read = True
        try:
            value = self._look_up(key)
        except DatabaseFailed:
            if copy is None or time.monotonic() - copy.read_at > _LONGEST_SECONDS:
                raise
            return copy.value
        finally:
            if copy is not None:
                copy.being_read = False
        self._keep(key, value, started, forgotten)
        return value

    def _keep(self, key: str, value: Value | None, started: float, forgotten: int) -> None:
        with self._lock:
            if value is None:
                self._copies.pop(key, None)
            elif forgotten == self._forgotten:
                if len(self._copies) >= _MOST:
                    self._copies.clear()
                self._copies[key] = _Copy(value, started)

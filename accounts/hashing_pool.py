"""A bounded pool for password hashing: as many hashes at once as the host has cores, shared by its workers.

Hashing is dear on purpose. Without a bound, a flood of wrong sign-ins takes every core from everything else; so
hashes run in threads of lower priority, each in one of `cores` places that all workers of the host share: locked
files, which the system frees even if a process is killed. Whoever finds the short queue full, or waits too long, is
told to come again: 503 with Retry-After.

A place is looked for in turn: another locked file, held while looking. Without it a worker that always has a next
hash would take each place that it has just left before any other worker looked again.
"""

import fcntl
import math
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from django.conf import settings

from trust.lib import processors, turns
from trust.lib.busy import Busy
from trust.lib.file_locks import is_locked_now

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

QUEUE_LENGTH: Final = 40  # hashes that may wait in one worker: fewer than its threads, about half a second
LONGEST_WAIT: Final = 3.0  # seconds from asking to the answer
RETRY_AFTER: Final = 2  # seconds, what the 503 says
LOWER_PRIORITY: Final = 10  # what is added to the nice value of the hashing threads
_LOWEST_PRIORITY: Final = 19
_LOOK_AGAIN: Final = 0.0005  # seconds between looks for a free place, of the one in the host whose turn it is
_ASK_AGAIN: Final = 0.001  # seconds between asking for the turn


class HashingBusy(Busy):
    """The queue is full, or the wait was too long. Nothing was hashed, nothing is known of the password."""


class HashingPool:
    """Runs hashes within the bound. One instance, `pool`, serves the process."""

    def __init__(self, *, places: int, threads: int = 0, queue: int = QUEUE_LENGTH, wait: float = LONGEST_WAIT) -> None:
        """Make the pool; its threads, as many as places unless fewer are wanted, start with the first hash."""
        self._places = places
        self._wait = wait
        self._line = threading.BoundedSemaphore(places + queue)
        self._looking = threading.Lock()
        self._of_thread = threading.local()
        self._threads = ThreadPoolExecutor(threads or places, thread_name_prefix="hashing", initializer=_lower_priority)

    def run(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Run one hash and return its result. Raises HashingBusy."""
        if not self._line.acquire(blocking=False):
            raise HashingBusy(RETRY_AFTER)
        deadline = time.monotonic() + self._wait
        try:
            with turns.given_away():
                future = self._threads.submit(self._in_place, deadline, partial(work, *arguments, **named))
                return future.result(timeout=self._wait)
        except WaitedTooLong as waited:
            future.cancel()
            raise HashingBusy(RETRY_AFTER) from waited
        finally:
            self._line.release()

    def _in_place(self, deadline: float, work: Callable[[], Result]) -> Result:
        place = self._taken(deadline)
        try:
            return work()
        finally:
            fcntl.flock(place, fcntl.LOCK_UN)

    def _taken(self, deadline: float) -> int:
        # One thread of the process looks at a time: those behind it wait without asking over and over.
        if not self._looking.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise HashingBusy(RETRY_AFTER)
        try:
            places: _Places | None = getattr(self._of_thread, "places", None)
            if places is None or places.are_gone:
                places = self._of_thread.places = _Places(self._places)
            return places.take(deadline)
        finally:
            self._looking.release()


class _Places:
    """The host's places as one thread sees them: files that it keeps open, each by itself, as locks want it."""

    def __init__(self, count: int) -> None:
        self._opened = [(_folder() / name).open("ab") for name in ("turn", *map(str, range(count)))]
        self._turn, *self._free = (file.fileno() for file in self._opened)

    @property
    def are_gone(self) -> bool:
        """Whether somebody has tidied the files away, so that others lock new ones by now."""
        return os.fstat(self._turn).st_nlink == 0

    def take(self, deadline: float) -> int:
        """Lock a place, in turn, and return it. Raises HashingBusy."""
        _lock_one_of([self._turn], deadline, pause=_ASK_AGAIN)
        try:
            return _lock_one_of(self._free, deadline, pause=_LOOK_AGAIN)
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)


def _lock_one_of(descriptors: Iterable[int], deadline: float, *, pause: float) -> int:
    """Lock one of these files and return it. Raises HashingBusy.

    Waiting in the system instead could not be bounded.
    """
    while True:
        for descriptor in descriptors:
            if is_locked_now(descriptor):
                return descriptor
        if time.monotonic() >= deadline:
            raise HashingBusy(RETRY_AFTER)
        time.sleep(pause)


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"authproject-hashing-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere the call would slow the whole process
        niceness = min(os.getpriority(os.PRIO_PROCESS, 0) + LOWER_PRIORITY, _LOWEST_PRIORITY)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def share(places: int) -> int:
    """Return how many threads a worker needs for its share of the places.

    Each keeps the memory of its last hash, 19 MiB: what all workers kept would grow with the square of the cores.
    """
    return math.ceil(places / settings.WORKERS) if settings.WORKERS else places


pool: Final = HashingPool(places=processors.usable(), threads=share(processors.usable()))

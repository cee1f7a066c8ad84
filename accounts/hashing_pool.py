"""A bounded pool for password hashing: as many hashes at once as the host has cores, shared by its workers.

Hashing is dear on purpose. Without a bound, a flood of wrong sign-ins takes every core from everything else; so
hashes run in threads of lower priority, each in one of `cores` places that all workers of the host share: locked
files, which the system frees even if a process is killed. Whoever finds the short queue full, or waits too long, is
told to come again: 503 with Retry-After.

A place is looked for in turn: another locked file, held while looking. Without it a worker that always has a next
hash would take each place that it has just left before any other worker looked again.
"""

import fcntl
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from trust.lib import processors
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

    def __init__(self, *, places: int, queue: int = QUEUE_LENGTH, wait: float = LONGEST_WAIT) -> None:
        """Make the pool; its threads start with the first hash."""
        self._places = places
        self._wait = wait
        self._line = threading.BoundedSemaphore(places + queue)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="hashing", initializer=_lower_priority)

    def run(
        self, work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        """Run one hash and return its result. Raises HashingBusy."""
        if not self._line.acquire(blocking=False):
            raise HashingBusy(RETRY_AFTER)
        deadline = time.monotonic() + self._wait

        def in_place() -> Result:
            with _place(self._places, deadline):
                return work(*arguments, **named)

        try:
            future = self._threads.submit(in_place)
            try:
                return future.result(timeout=self._wait)
            except WaitedTooLong as waited:
                future.cancel()
                raise HashingBusy(RETRY_AFTER) from waited
        finally:
            self._line.release()


@contextmanager
def _place(places: int, deadline: float) -> Iterator[None]:
    """Hold one of the host's places."""
    with ExitStack() as files:
        opened = [files.enter_context((_folder() / name).open("ab")) for name in ("turn", *map(str, range(places)))]
        turn, *free = (file.fileno() for file in opened)
        _lock_one_of([turn], deadline, pause=_ASK_AGAIN)
        _lock_one_of(free, deadline, pause=_LOOK_AGAIN)
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield


def _lock_one_of(descriptors: Iterable[int], deadline: float, *, pause: float) -> None:
    """Lock one of these files, which is free again once it is closed. Raises HashingBusy.

    Waiting in the system instead could not be bounded.
    """
    while not any(is_locked_now(descriptor) for descriptor in descriptors):
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


pool: Final = HashingPool(places=processors.usable())

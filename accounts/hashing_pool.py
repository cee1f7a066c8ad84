"""A bounded pool for password hashing: as many hashes at once as the host has cores, shared by its workers.

Hashing is dear on purpose. Without a bound, a flood of wrong sign-ins takes every core from everything else; so
hashes run in threads of lower priority, each behind one of `cores` locked files that all workers of the host
share. Whoever finds the short queue full, or waits too long, is told to come again: 503 with Retry-After.
"""

import fcntl
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import contextmanager
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from trust.lib.busy import Busy

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

QUEUE_LENGTH: Final = 20  # hashes that may wait in one worker
LONGEST_WAIT: Final = 3.0  # seconds from asking to the answer
RETRY_AFTER: Final = 2  # seconds, what the 503 says
LOWER_PRIORITY: Final = 10  # nice value of the hashing threads
_LOOK_AGAIN: Final = 0.002  # seconds between looks for a free place


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
    """Hold one of the host's places: a locked file, which the system frees even if the process is killed."""
    files = [_folder() / str(number) for number in range(places)]
    while True:
        for path in files:
            with path.open("ab") as file:
                if _locked(file.fileno()):
                    yield
                    return
        if time.monotonic() >= deadline:
            raise HashingBusy(RETRY_AFTER)
        time.sleep(_LOOK_AGAIN)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"authproject-hashing-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere the call would slow the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWER_PRIORITY)


pool: Final = HashingPool(places=os.cpu_count() or 1)

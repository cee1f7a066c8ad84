"""The threads in which Django works beside the loop: few compute at once, and many may wait.

They share the interpreter's lock with the loop: the more of them want it, the longer the loop waits for it, and the
more time goes into handing it on. A thread that waits long says so (trust.lib.turns), and another begins in its place.
If all of them stand still without a word, as where the database hangs, each new request begins another. There are as
many as THREADS in all, those that wait included.
"""

import asyncio
import atexit
import threading
import time
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from trust.lib import turns

Result = TypeVar("Result")
_Work = tuple[Callable[[], Any], asyncio.Future[Any]]

_STANDSTILL: Final = 0.2  # seconds in which nothing began or ended although there is work


class Threads:
    """Threads of one process, started as they are needed."""

    def __init__(self, *, at_once: int, most: int) -> None:
        """Start none yet; `at_once` may compute, `most` are there with those that wait."""
        self._at_once = min(at_once, most)
        self._most = most
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._begun = 0  # threads that have a turn, or look for work
        self._resting = 0
        self._stirred = 0.0  # when last something began or ended
        self._ended = 0
        self._wake: SimpleQueue[None] = SimpleQueue()
        atexit.register(self.shutdown)

    def run(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        """Do `work` in a thread. Called in an event loop."""
        result = asyncio.get_running_loop().create_future()
        now = time.monotonic()
        if self._work.empty():
            self._stirred = now
        self._work.put((work, result))
        # Looked at without the lock, after the work is there: who gives a turn away looks for work after that.
        if self._begun < self._at_once:
            self._begin_another(self._at_once)
        elif now - self._stirred > _STANDSTILL:
            self._begin_another(self._most)
        return result

    def give_away(self) -> None:
        """Let another thread begin in place of this one, if there is work."""
        with self._lock:
            self._begun -= 1
        if not self._work.empty():
            self._begin_another(self._at_once)

    def take_back(self) -> None:
        """Go on; somebody rests after what they are at, so that it is not one more for long."""
        with self._lock:
            self._begun += 1

    def shutdown(self) -> None:
        """Let the threads end what they are at, and wait for that."""
        atexit.unregister(self.shutdown)
        with self._lock:
            ending, self._threads = self._threads, []
            self._most = self._at_once = 0
        for _ in ending:
            self._wake.put(None)
            self._work.put(None)
        for thread in ending:
            thread.join()

    def _begin_another(self, most: int) -> None:
        with self._lock:
            if self._begun >= most:
                return
            if self._resting:
                self._resting -= 1
                self._wake.put(None)
            elif len(self._threads) < self._most:
                thread = threading.Thread(target=self._serve, name=f"django-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            else:  # all of them wait: whoever comes back takes the work
                return
            self._begun += 1

    def _serve(self) -> None:
        turns.hold(self)
        ended = self._ended
        while self._serve_one():
            others_stand_still = self._ended == ended + 1 and not self._work.empty()
            if self._begun > self._at_once and not others_stand_still:
                self._rest()
            ended = self._ended

    def _serve_one(self) -> bool:
        """Do what is next; False if there will be nothing more. Nothing of it is kept until the next comes."""
        asked = self._work.get()
        if asked is None:
            return False
        work, result = asked
        self._stirred = time.monotonic()
        try:
            told = partial(_tell, result, work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is for whoever asked
            told = partial(_fail, result, error)
        self._stirred = time.monotonic()
        self._ended += 1
        _deliver(result, told)
        return True

    def _rest(self) -> None:
        with self._lock:
            if self._begun <= self._at_once or not self._most:
                return
            self._begun -= 1
            self._resting += 1
        self._wake.get()


def _deliver(result: asyncio.Future[Any], told: Callable[[], None]) -> None:
    try:
        result.get_loop().call_soon_threadsafe(told)
    except RuntimeError:  # the loop is over, and nobody waits
        return


def _tell(result: asyncio.Future[Any], value: Any) -> None:
    if not result.done():  # whoever asked may be gone
        result.set_result(value)


def _fail(result: asyncio.Future[Any], error: BaseException) -> None:
    if not result.done():
        result.set_exception(error)

"""The queue of what was refused, and the thread that writes it: whoever refuses waits for neither.

The thread begins with the first refusal of a process that serves. Elsewhere, as in commands and tests, what waits is
written by who calls `write`. What finds the queue full, or comes too often, is dropped and counted.
"""

import atexit
import logging
import threading
from collections import deque
from multiprocessing.util import Finalize
from typing import Final

from django.db import Error as DatabaseFailed
from django.db import connections

from trust.explain import storing
from trust.explain.budget import Budget
from trust.explain.conf import FAREWELL_SECONDS, GATHER_SECONDS, IDLE_SECONDS, MOST_WAITING
from trust.explain.finding import Refused
from trust.lib.waiting import in_order

log = logging.getLogger(__name__)


class Recorder:
    """What one process has to write."""

    def __init__(self) -> None:
        """Have nothing to write, and nobody who does."""
        self.dropped = 0  # since it was last told
        self._budget = Budget()
        self._waiting: deque[Refused] = deque()
        self._serves = False
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._wake, self._ends = threading.Event(), threading.Event()

    def forget(self) -> None:
        """Be as at the beginning: nothing waits, nothing was counted, and no thread is called."""
        self._waiting.clear()
        self._budget, self._serves, self.dropped = Budget(), False, 0

    def serve(self) -> None:
        """Have a thread write from now on, and write what is left at the end of the process."""
        self._serves = True
        atexit.register(self.end)
        # A process that multiprocessing made, as granian's workers are, ends without what atexit knows.
        Finalize(None, self.end, exitpriority=1)

    def put(self, refused: Refused) -> bool:
        """Have a refusal written soon; False if there are too many. Waits for nothing."""
        if len(self._waiting) >= MOST_WAITING or not self._budget.take(refused.endpoint, refused.client_id):
            self.dropped += 1
            return False
        self._waiting.append(refused)
        if self._serves:
            self._call_thread()
        return True

    def write(self) -> int:
        """Write what waits, in this thread; return how much that was. Raises django.db.Error."""
        together = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if together:
            storing.store(together)
        return len(together)

    def end(self) -> None:
        """Have the thread write what waits, and wait for that."""
        atexit.unregister(self.end)
        self._serves = False
        self._ends.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(FAREWELL_SECONDS)

    def _call_thread(self) -> None:
        self._wake.set()
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:  # none yet, or a fork left it behind
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="explain", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """Write what comes, together with what comes soon after, and delete what is over as long as there is any."""
        while not self._ends.is_set():
            self._wake.wait(IDLE_SECONDS if storing.may_be_over() else None)
            self._ends.wait(GATHER_SECONDS)
            self._wake.clear()
            self._write_aside()
        self._write_aside()

    def _write_and_trim(self) -> None:
        self.write()
        storing.trim()

    def _write_aside(self) -> None:
        waiting = len(self._waiting)
        try:
            in_order(self._write_and_trim)
        except DatabaseFailed as failed:
            log.warning("%d explanations were not written: %s", waiting, type(failed).__name__)
        except Exception:
            log.exception("explanations were not written")
        finally:
            connections.close_all()  # between refusals none is kept
        if self.dropped:
            log.warning("%d explanations were dropped: there were too many", self.dropped)
            self.dropped = 0


recorder: Final = Recorder()

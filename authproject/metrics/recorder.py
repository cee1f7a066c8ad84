"""The recorder: this process's counting. What it is called with becomes labels, so their values are bounded here.

The file is taken at the first count, so that commands that count nothing have none. A child of fork takes a file of
its own. Whoever finds no file counts in its own memory: a scrape then tells of one process, and a log line says so.
"""

import logging
import os
import threading
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from authproject.metrics import places
from authproject.metrics.cells import Cells, Name, numbers_of
from authproject.metrics.conf import (
    BUCKETS,
    FIRST_PARTY_GRANTS,
    METHODS,
    MOST_CLIENTS,
    OTHER,
)
from authproject.metrics.places import NoPlace, Place
from oauth.vocabulary import GrantType

log = logging.getLogger(__name__)

REQUESTS: Final = "requests"  # by route, method, status
SECONDS: Final = "seconds"  # by route: their sum, then the buckets, each without those before it
IN_PROGRESS: Final = "in_progress"
TOKENS: Final = "tokens"  # by grant type
CLIENTS: Final = "clients"  # the same, by client
_NONE: Final = memoryview(b"").cast("d")
_GRANTS: Final = frozenset([*GrantType.values, *FIRST_PARTY_GRANTS])


class Recorder:
    """The counts of this process. One instance, `recorder`, serves it."""

    def __init__(self) -> None:
        """Hold no file yet."""
        self._lock = threading.Lock()
        self._descriptor = -1
        self._cells: Cells | None = None
        self._numbers = _NONE
        self._slots: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._token_slots: dict[tuple[str, str], tuple[int, int]] = {}
        self._clients: set[str] = set()
        self.when_opened: Callable[[], object] | None = None

    def observe(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answer and how long it took. `route` is one of few names, never a path."""
        with self._lock:
            slot = self._slots.get((route, method, status)) or self._slot(route, method, status)
            if slot is not None:
                count, time = slot
                numbers = self._numbers
                numbers[count] += 1.0
                numbers[time] += seconds
                numbers[time + 1 + bisect_left(BUCKETS, seconds)] += 1.0

    def add(self, name: Name, amount: float = 1.0) -> None:
        """Add to one number; its name's parts after the first are the labels, of bounded values."""
        with self._lock:
            place = self._open().place(name)
            if place is not None:
                self._numbers[place] += amount

    def count_token(self, grant_type: str, client_id: str) -> None:
        """Count a token response: by the grant type of RFC 6749 or by how /api/token/ was asked, and by client."""
        with self._lock:
            slot = self._token_slots.get((grant_type, client_id)) or self._token_slot(grant_type, client_id)
            if slot is not None:
                by_grant, by_client = slot
                numbers = self._numbers
                numbers[by_grant] += 1.0
                numbers[by_client] += 1.0

    def places(self) -> list[Place]:
        """Return what all processes of the host counted, or this one alone if it has no file."""
        with self._lock:
            if self._is_gone():
                self._let_go()
            alone = Place(0, os.getpid(), numbers_of(self._open().content()))
            is_shared = self._descriptor >= 0
        return list(places.all_places()) if is_shared else [alone]

    def forget(self) -> None:
        """Let go of the file; the next count takes one. After fork, in the child: the parent's is not its own."""
        self._lock = threading.Lock()
        self._let_go()

    def _open(self) -> Cells:
        if self._cells is None:
            try:
                self._descriptor = places.take()
            except NoPlace as error:
                log.warning("metrics are of this process alone: %s", error)
            self._cells = Cells(self._descriptor)
            self._numbers = self._cells.numbers
            in_progress = self._cells.place((IN_PROGRESS,))
            if in_progress is not None:
                self._numbers[in_progress] = 0.0  # what the file's last process had begun is over
            self._clients = {name[1] for name in self._cells.names() if name[0] == CLIENTS}
            if self.when_opened is not None:
                self.when_opened()
        return self._cells

    def _slot(self, route: str, method: str, status: int) -> tuple[int, int] | None:
        """Find where to count what was not counted before; None if there is no room for more."""
        known = method if method in METHODS else OTHER
        count = self._open().place((REQUESTS, route, known, str(status)))
        time = self._open().place((SECONDS, route), len(BUCKETS) + 2)
        if count is None or time is None:
            return None
        if known == method:  # what clients make up is not kept
            self._slots[route, method, status] = (count, time)
        return count, time

    def _token_slot(self, grant_type: str, client_id: str) -> tuple[int, int] | None:
        """Find where to count for a client that was not counted before: under OTHER where there are too many."""
        cells = self._open()
        is_known = client_id in self._clients or len(self._clients) < MOST_CLIENTS
        by_grant = cells.place((TOKENS, grant_type if grant_type in _GRANTS else OTHER))
        by_client = cells.place((CLIENTS, client_id.replace("\t", " ") if is_known else OTHER))
        if by_grant is None or by_client is None:
            return None
        if is_known and grant_type in _GRANTS:  # what strangers make up is not kept
            self._clients.add(client_id)
            self._token_slots[grant_type, client_id] = (by_grant, by_client)
        return by_grant, by_client

    def _is_gone(self) -> bool:
        """Tell whether somebody deleted the file, so that nobody else finds what is counted in it."""
        return self._descriptor >= 0 and os.fstat(self._descriptor).st_nlink == 0

    def _let_go(self) -> None:
        self._slots, self._token_slots = {}, {}
        self._numbers = _NONE
        if self._cells is not None:
            self._cells.close()
            self._cells = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


recorder: Final = Recorder()
os.register_at_fork(after_in_child=recorder.forget)
observe = recorder.observe
count_token = recorder.count_token

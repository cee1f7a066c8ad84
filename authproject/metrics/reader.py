"""The reader: a thread beside the requests, that brings what the host counted into the database, now and then.

Every process that serves has one, begun with its first count; so a server that forks, or that knows nothing of us, has
them too. The one that holds the host's meter reads for all. What a process counted is in memory that outlives it:
nothing is lost with it, and the next reader goes on where the last one ended.
"""

import logging
import os
import threading
from typing import Final

from django.conf import settings

from authproject.metrics import meter
from authproject.metrics.levels import LevelNotes
from authproject.metrics.meter import HostMeter
from authproject.metrics.recorder import recorder
from authproject.metrics.totals import totals_of
from trust.lib import clock
from trust.lib.waiting import in_order
from trust.statistics import reading

log = logging.getLogger(__name__)


class Reader:
    """Reads the host's meter, if this process holds it."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._meter: HostMeter | None = None
        self._levels = LevelNotes()

    def read(self) -> bool:
        """Add what came since the last reading, and note the levels if it is time; tell whether it is ours to do."""
        found = self._held()
        if found is None:
            return False
        now = clock.now()
        reading.read(found.id, totals_of(recorder.places()), now=now, counts_from_zero=not found.is_known)
        found.note_known()
        self._levels.note_if_due(now)
        return True

    def let_go(self) -> None:
        """Let another process read."""
        if self._meter is not None:
            self._meter.let_go()
            self._meter = None

    def _held(self) -> HostMeter | None:
        if self._meter is not None and self._meter.is_gone():
            self.let_go()
        if self._meter is None:
            self._meter = meter.held()
        return self._meter


reader: Final = Reader()
os.register_at_fork(after_in_child=reader.let_go)  # or the child would hold what the parent reads, and not read it
_reading_in: Final[set[int]] = set()  # the process whose thread runs: a child of fork has none


def begin_with_first_count() -> None:
    """Let this process, and those that it forks, have a reader as soon as they count, unless settings want none."""
    if settings.STATISTICS_SECONDS > 0:
        recorder.when_opened = _begin


def _begin() -> None:
    if os.getpid() not in _reading_in:
        _reading_in.add(os.getpid())
        threading.Thread(target=_read_forever, name="statistics", daemon=True).start()


def _read_forever() -> None:
    pause = threading.Event()
    while not pause.wait(settings.STATISTICS_SECONDS):
        try:
            in_order(reader.read)
        except Exception as error:  # noqa: BLE001 - the next time may go better, and requests do not wait for it
            log.warning("statistics not written: %s", type(error).__name__)

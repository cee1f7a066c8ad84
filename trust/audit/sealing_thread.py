"""The sealer at work: a thread of the job queue's worker, so that no job, however long, keeps events waiting.

It looks behind the last ids alone, and at all of them now and then: of the index of what waits PostgreSQL keeps what
is long sealed until it vacuums, and to read past that takes the longer the more there is.
"""

import logging
import threading
import time
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connection

from trust.audit import sealer
from trust.audit.models import AuditEvent
from trust.lib.batches import Shift
from trust.lib.hooks import tell

log = logging.getLogger(__name__)

INTERVAL: Final = 1.0  # seconds between two looks
_ALL_EVERY: Final = 60.0  # seconds between two looks at all
_NEVER: Final = float("-inf")
# Of an old trail that is sealed for the first time: then others hear how far it is, and it goes on.
_SHIFT_SECONDS: Final = 5.0
# Looks that an id stays in view. Statements and waiting transactions end after 5 s, so who commits later took many.
_IN_VIEW: Final = 30


class SealingThread(threading.Thread):
    """Seals what waits, once a second, and tells the hooks of AUDIT_SEALED how far the chain goes now.

    Whatever fails is tried again: the worker lives on, and events wait.
    """

    def __init__(self, interval: float = INTERVAL) -> None:
        """Prepare; nothing runs yet. It ends with its process, or soon after `stop()`."""
        super().__init__(name="audit sealer", daemon=True)
        self._interval = interval
        self._stopping = threading.Event()
        self._highest: list[int] = []  # ids, as of the last looks
        self._all_at = _NEVER
        self._told = False

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()

    def run(self) -> None:
        """Look, and wait, until stopped."""
        while not self._stopping.is_set():
            self._look()
            self._stopping.wait(self._interval)
        connection.close()

    def _look(self) -> None:
        try:
            close_old_connections()
            self._seal()
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is tried again
            log.error("sealing the audit trail: %s", type(failure).__name__)
            self._all_at = _NEVER
            connection.close()

    def _seal(self) -> None:
        shift = Shift(_SHIFT_SECONDS)
        sealed = sealer.seal_waiting(after=self._floor(), shift=shift)
        if shift.left_something:  # a long past, of which more is below
            self._all_at = _NEVER
        if sealed:
            self._told = False
        if not self._told:  # at first what was before: a worker that died told nobody
            tell_how_far()
            self._told = True

    def _floor(self) -> int:
        """Return the id behind which to look: that of some looks ago, or now and then none."""
        now, highest = time.monotonic(), AuditEvent.objects.highest_id()
        self._highest = [*self._highest[1 - _IN_VIEW :], highest]
        if now - self._all_at < _ALL_EVERY:
            return self._highest[0] if len(self._highest) == _IN_VIEW else 0
        self._all_at = now
        return 0


def tell_how_far() -> None:
    """Tell the hooks of AUDIT_SEALED the last place of the chain."""
    sequence, _ = sealer.end_of_chain()
    tell(settings.AUDIT_SEALED, through=sequence)

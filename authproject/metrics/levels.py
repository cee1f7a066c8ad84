"""Levels: how much there is of something now, noted once a minute by whichever process of whichever node comes first.

Counting the sessions that last looks at each of them. So a look that took long is paid for by a longer rest: all
looks together take a hundredth of the time.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseFailed

from accounts.models import Session
from authproject.metrics.conf import LEVEL_SECONDS, LEVEL_SHARE
from trust.events.models import Delivery
from trust.jobs import models as jobs
from trust.lib import clock
from trust.statistics.models import Count, Key

log = logging.getLogger(__name__)

SESSIONS: Final = "sessions"  # that last: neither ended nor expired
JOBS: Final = "jobs"  # by queue: due, and begun by nobody
GIVEN_UP: Final = "given_up"  # jobs that failed for good, and events that no receiver took, as long as they are kept
LEVELS: Final = (SESSIONS, JOBS, GIVEN_UP)
Levels = dict[Key, int]


class LevelNotes:
    """Notes the levels, and knows when it may look again."""

    def __init__(self) -> None:
        """Look at once."""
        self._not_before = float("-inf")

    def note_if_due(self, now: datetime) -> bool:
        """Look and note, unless it is too soon or somebody else did in this minute; tell whether it was done."""
        if time.monotonic() < self._not_before:
            return False
        began = time.monotonic()
        is_done = not Count.objects.of_minute(now, SESSIONS).exists() and _noted(now)
        took = time.monotonic() - began
        self._not_before = began + max(LEVEL_SECONDS, took / LEVEL_SHARE)
        return is_done


def _noted(now: datetime) -> bool:
    levels: Levels = {}
    for look in _LOOKS:
        try:
            levels |= look(now)
        except DatabaseFailed as error:
            log.warning("%s not looked at: %s", look.__name__, type(error).__name__)
    Count.objects.raise_to(levels, at=clock.now())
    return bool(levels)


def _sessions(now: datetime) -> Levels:
    return {Key(SESSIONS): Session.objects.lasting(now).count()}


def _jobs(now: datetime) -> Levels:
    due = {queue: waiting for queue, waiting, _since in jobs.due()}
    queues: Sequence[str] = settings.TASKS["default"]["QUEUES"]
    return {Key(JOBS, queue): due.get(queue, 0) for queue in queues}


def _given_up(now: datetime) -> Levels:
    return {Key(GIVEN_UP, "jobs"): jobs.failed().count(), Key(GIVEN_UP, "events"): Delivery.objects.given_up().count()}


_LOOKS: Final[tuple[Callable[[datetime], Levels], ...]] = (_sessions, _jobs, _given_up)

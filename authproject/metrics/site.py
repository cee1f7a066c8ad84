"""What the site is like when it is scraped: the revocation feed, the signing keys, the jobs that wait, the levels.

Keys and jobs are read from the database, at most once in a while; with the database away they are not told, which
authproject_database_up says, and a scrape waits for one attempt to connect and no more.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import Error as DatabaseFailed
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from authproject.metrics.conf import DATABASE_READ_SECONDS, LEVELS_TOLD_FOR
from authproject.metrics.levels import GIVEN_UP, SESSIONS
from trust.jobs.models import due
from trust.keys.models import SigningKey
from trust.lib import clock
from trust.revocation.feed import FeedUnreadable, feed
from trust.statistics.models import Count, Key

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a queue that are due: how many, and since when the first."""

    waiting: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the database said: the signing key of each algorithm, the jobs of each queue, and the levels noted last."""

    keys: dict[str, SigningKey] = field(default_factory=dict)
    jobs: dict[str, Jobs] = field(default_factory=dict)
    levels: dict[Key, int] = field(default_factory=dict)
    was_read: bool = False


class SiteCollector(Collector):
    """Keeps what it read for a while, for scrapes that come often."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = threading.Lock()
        self._state = State()
        self._read_at = float("-inf")

    def collect(self) -> Iterator[Metric]:
        """Return every family."""
        state = self._current()
        yield GaugeMetricFamily(
            "authproject_database_up", "Whether the database could be read.", value=float(state.was_read)
        )
        yield from _feed_families(may_read=state.was_read)
        yield from _key_families(state)
        yield from _level_families(state)
        yield from _job_families(state)

    def _current(self) -> State:
        with self._lock:
            if time.monotonic() - self._read_at >= DATABASE_READ_SECONDS:
                self._state = _read(clock.now())
                self._read_at = time.monotonic()
            return self._state


def _read(now: datetime) -> State:
    try:
        return State(_keys(now), _jobs(), _levels(now), was_read=True)
    except DatabaseFailed as error:
        log.warning("metrics without the database: %s", type(error).__name__)
        return State()


def _keys(now: datetime) -> dict[str, SigningKey]:
    """Return each algorithm's present key: of those that sign now the one that began last."""
    found: dict[str, SigningKey] = {}
    for key in SigningKey.objects.usable(now).defer("sealed_private"):
        if key.signs_from <= now < key.signs_until:
            found.setdefault(key.algorithm, key)
    return found


def _jobs() -> dict[str, Jobs]:
    found = {queue: Jobs(waiting, oldest) for queue, waiting, oldest in due()}
    queues: Sequence[str] = settings.TASKS["default"]["QUEUES"]
    return {queue: found.get(queue, Jobs()) for queue in queues}


def _levels(now: datetime) -> dict[Key, int]:
    latest = Count.objects.newest((SESSIONS, GIVEN_UP), since=now - LEVELS_TOLD_FOR)
    return {Key(name, label): value for name, label, value in latest.values_list("name", "label", "value")}


def _feed_families(*, may_read: bool) -> Iterator[Metric]:
    """Tell how old the copy is that a request to this process would meet: a request reads first, so this does too."""
    try:
        if may_read:
            feed.refresh()
    except FeedUnreadable:
        pass
    about = "Age of this process's copy of the revocations, after an attempt to read them."
    yield GaugeMetricFamily("authproject_revocation_feed_age_seconds", about, value=feed.age())


def _key_families(state: State) -> Iterator[Metric]:
    about = "When the present signing key of an algorithm began to sign, in seconds since 1970."
    begin = GaugeMetricFamily("authproject_signing_key_begin_timestamp_seconds", about, labels=["algorithm"])
    about = "When the present signing key of an algorithm ends, in seconds since 1970."
    end = GaugeMetricFamily("authproject_signing_key_end_timestamp_seconds", about, labels=["algorithm"])
    for algorithm, key in sorted(state.keys.items()):
        begin.add_metric([algorithm], key.signs_from.timestamp())
        end.add_metric([algorithm], key.signs_until.timestamp())
    yield begin
    yield end


def _level_families(state: State) -> Iterator[Metric]:
    """Tell the levels as they were noted last, by whichever node; none where nobody noted any for a while."""
    sessions = GaugeMetricFamily("authproject_sessions_active", "Sessions that neither ended nor expired.")
    about = "Jobs that failed for good and events that no receiver took, as long as they are kept."
    given_up = GaugeMetricFamily("authproject_given_up", about, labels=["kind"])
    for key, level in sorted(state.levels.items()):
        family, labels = (sessions, []) if key.name == SESSIONS else (given_up, [key.label])
        family.add_metric(labels, level)
    yield sessions
    yield given_up


def _job_families(state: State) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("authproject_jobs_due", "Jobs that wait though they are due.", labels=["queue"])
    about = "How long the job that is due longest has waited; 0 where none is."
    age = GaugeMetricFamily("authproject_jobs_oldest_due_age_seconds", about, labels=["queue"])
    for queue, jobs in state.jobs.items():
        waiting.add_metric([queue], jobs.waiting)
        age.add_metric([queue], max(0.0, (clock.now() - jobs.oldest).total_seconds()) if jobs.oldest else 0.0)
    yield waiting
    yield age

"""What the site is like when it is scraped: the revocation feed, the signing keys, the jobs that wait.

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

from authproject.metrics.conf import DATABASE_READ_SECONDS
from trust.jobs.models import due
from trust.keys.models import SigningKey
from trust.lib import clock
from trust.revocation.feed import FeedUnreadable, feed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a queue that are due: how many, and since when the first."""

    waiting: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the database said: when the signing key of each algorithm ends, and the jobs of each queue."""

    key_ends: dict[str, datetime] = field(default_factory=dict)
    jobs: dict[str, Jobs] = field(default_factory=dict)
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
        yield _key_family(state)
        yield from _job_families(state)

    def _current(self) -> State:
        with self._lock:
            if time.monotonic() - self._read_at >= DATABASE_READ_SECONDS:
                self._state = _read(clock.now())
                self._read_at = time.monotonic()
            return self._state


def _read(now: datetime) -> State:
    try:
        return State(_key_ends(now), _jobs(), was_read=True)
    except DatabaseFailed as error:
        log.warning("metrics without the database: %s", type(error).__name__)
        return State()


def _key_ends(now: datetime) -> dict[str, datetime]:
    """Return when each algorithm's present key ends: of those that sign now the one that began last."""
    rows = SigningKey.objects.usable(now).values_list("algorithm", "signs_from", "signs_until")
    ends: dict[str, datetime] = {}
    for algorithm, begins, ends_at in rows:
        if begins <= now < ends_at:
            ends.setdefault(algorithm, ends_at)
    return ends


def _jobs() -> dict[str, Jobs]:
    found = {queue: Jobs(waiting, oldest) for queue, waiting, oldest in due()}
    queues: Sequence[str] = settings.TASKS["default"]["QUEUES"]
    return {queue: found.get(queue, Jobs()) for queue in queues}


def _feed_families(*, may_read: bool) -> Iterator[Metric]:
    """Tell how old the copy is that a request to this process would meet: a request reads first, so this does too."""
    try:
        if may_read:
            feed.refresh()
    except FeedUnreadable:
        pass
    about = "Age of this process's copy of the revocations, after an attempt to read them."
    yield GaugeMetricFamily("authproject_revocation_feed_age_seconds", about, value=feed.age())


def _key_family(state: State) -> Metric:
    about = "When the present signing key of an algorithm ends, in seconds since 1970."
    family = GaugeMetricFamily("authproject_signing_key_end_timestamp_seconds", about, labels=["algorithm"])
    for algorithm, end in sorted(state.key_ends.items()):
        family.add_metric([algorithm], end.timestamp())
    return family


def _job_families(state: State) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("authproject_jobs_due", "Jobs that wait though they are due.", labels=["queue"])
    about = "How long the job that is due longest has waited; 0 where none is."
    age = GaugeMetricFamily("authproject_jobs_oldest_due_age_seconds", about, labels=["queue"])
    for queue, jobs in state.jobs.items():
        waiting.add_metric([queue], jobs.waiting)
        age.add_metric([queue], max(0.0, (clock.now() - jobs.oldest).total_seconds()) if jobs.oldest else 0.0)
    yield waiting
    yield age

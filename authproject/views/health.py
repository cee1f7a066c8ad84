"""Health, for probes: live while the process answers, ready while it can do its work.

A node is ready by what its own answers need: the database, migrations, keys, revocations. What else is amiss makes the
site poorer and no node better than another, so it takes none out of rotation: jobs that wait since no worker lives, and
Redis, without which each process counts alone. Whoever may read the metrics is told which part it is; others are told
whether to send requests here.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Final

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from authproject.metrics import access
from trust.jobs.models import due
from trust.keys.ring import ring
from trust.lib import clock
from trust.lib.cache import FallbackRedisCache
from trust.lib.sealing import SealBroken
from trust.revocation.conf import REVOCATION_MAX_STALENESS
from trust.revocation.feed import FeedUnreadable, feed

LONGEST_WAIT: Final = 60.0  # seconds that a job may be due and not begun; the worker looks twice a second
_MIGRATED: Final = threading.Event()
_OK: Final = {"status": "ok"}
_UNAVAILABLE: Final = {"status": "unavailable"}

Parts = Mapping[str, Callable[[], bool]]


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer: the process does."""
    return _answer(_OK, 200)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if every part that an answer needs is there, else 503."""
    may_know = access.refusal_of(request) is None
    failing = _first_missing(NEEDED)
    if failing:
        return _answer(_UNAVAILABLE | ({"failing": failing} if may_know else {}), 503)
    poorer = may_know and _first_missing(WANTED)
    return _answer({"status": "degraded", "failing": poorer} if poorer else _OK, 200)


def _first_missing(parts: Parts) -> str:
    """Return the name of the first part that is not there, or nothing."""
    return next((name for name, is_there in parts.items() if not _is(is_there)), "")


def _is(there: Callable[[], bool]) -> bool:
    try:
        return there()
    except (DatabaseError, InterfaceError, FeedUnreadable, SealBroken):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    """Ask until they are applied, and never again: reading the graph of migrations takes a while."""
    if not _MIGRATED.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            _MIGRATED.set()
    return _MIGRATED.is_set()


def _signing_keys() -> bool:
    return ring.can_sign(clock.now())


def _revocation_feed() -> bool:
    feed.refresh()
    return feed.age() <= REVOCATION_MAX_STALENESS


def _jobs() -> bool:
    now = clock.now()
    return all((now - first).total_seconds() <= LONGEST_WAIT for _queue, _waiting, first in due())


def _cache() -> bool:
    cache = caches["default"]
    return not isinstance(cache, FallbackRedisCache) or cache.is_shared()


NEEDED: Final[Parts] = {
    "database": _database,
    "migrations": _migrations,
    "signing_keys": _signing_keys,
    "revocation_feed": _revocation_feed,
}
WANTED: Final[Parts] = {"jobs": _jobs, "cache": _cache}


def _answer(body: Mapping[str, str], status: int) -> HttpResponse:
    return JsonResponse(dict(body), status=status, headers={"Cache-Control": "no-store"})

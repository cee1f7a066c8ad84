"""Health, for probes: live while the process answers, ready while it can do its work."""

import threading
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from trust.keys.ring import ring
from trust.lib import clock
from trust.lib.sealing import SealBroken
from trust.revocation.conf import REVOCATION_MAX_STALENESS
from trust.revocation.feed import FeedUnreadable, feed

_MIGRATED: Final = threading.Event()


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer: the process does."""
    return _answer({"status": "ok"}, 200)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if every part is there, else 503 naming the first that is not."""
    for part, is_there in PARTS.items():
        try:
            missing = not is_there()
        except (DatabaseError, InterfaceError, FeedUnreadable, SealBroken):
            missing = True
        if missing:
            return _answer({"status": "unavailable", "failing": part}, 503)
    return _answer({"status": "ok"}, 200)


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


PARTS: Final[dict[str, Callable[[], bool]]] = {
    "database": _database,
    "migrations": _migrations,
    "signing_keys": _signing_keys,
    "revocation_feed": _revocation_feed,
}


def _answer(body: dict[str, str], status: int) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})

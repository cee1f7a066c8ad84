"""The feed: every live revocation in this process's memory, never older than the policy allows.

A lookup is a few dictionary reads. A request that finds the copy older than a second reads the new entries
first, one thread at a time; an unreadable database is forgiven for five seconds and then refuses everything.
"""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error as DatabaseFailed

from trust.lib.waiting import is_in_loop
from trust.revocation.conf import (
    FULL_RELOAD_SECONDS,
    OVERLAP,
    REFRESH_AFTER_SECONDS,
    RETRY_SECONDS,
    REVOCATION_MAX_STALENESS,
    SHARED_STALENESS_SECONDS,
)
from trust.revocation.models import Kind, Revocation
from trust.tokens.access_token import AccessToken, issued_at

log = logging.getLogger(__name__)

# As they are in the database: an enumeration's member is slower to look up by.
_TOKEN, _GRANT, _SESSION, _CLIENT, _USER = (
    kind.value for kind in (Kind.TOKEN, Kind.GRANT, Kind.SESSION, Kind.CLIENT, Kind.USER)
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class FeedUnreadable(Exception):
    """What is revoked cannot be known: the answer is 503 with Retry-After, never a pass."""


class Feed:
    """The process's copy of the live entries. One instance, `feed`, serves the whole process."""

    def __init__(self, *, refresh_after: float = REFRESH_AFTER_SECONDS) -> None:
        """Start empty and unread, so that the first question reads everything."""
        self.refresh_after = refresh_after
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop the copy: the next question reads all anew."""
        self._entries: dict[tuple[str, str | None], datetime] = {}
        self._newest = _LONG_AGO
        self._read_at = self._full_read_at = self._failed_at = float("-inf")

    def is_revoked(self, token: AccessToken) -> bool:
        """Tell whether an access token was revoked. Raises FeedUnreadable."""
        self.refresh()
        known = self._entries
        if (_TOKEN, token.jti) in known or (_GRANT, token.grant) in known or (_SESSION, token.session_id) in known:
            return True
        up_to = max(known.get((_CLIENT, token.client_id), _LONG_AGO), known.get((_USER, token.person_id), _LONG_AGO))
        if (token.issued_at or _LONG_AGO) <= up_to:
            return True
        return bool(token.exchanged_from) and _is_any_revoked(token, known)

    def apply(self, kind: Kind, key: str, revoked_at: datetime) -> None:
        """Take an entry in at once: this process's own, after its commit. A reading that began before is waited for."""
        with self._lock:
            known = self._entries.get((kind, key), _LONG_AGO)
            self._entries[kind, key] = max(known, revoked_at)

    def refresh(self, *, older_than: float | None = None) -> None:
        """Read what is new if the copy is older than the policy wants it, or than `older_than` seconds.

        Raises FeedUnreadable, and SynchronousOnlyOperation in an event loop, unless a thread is at it just now.
        """
        limit = self.refresh_after if older_than is None else older_than
        age = self.age()
        if age < limit:
            return
        if is_in_loop():
            if age < SHARED_STALENESS_SECONDS and self._lock.locked():
                return
            raise SynchronousOnlyOperation
        if not self._lock.acquire(blocking=age >= SHARED_STALENESS_SECONDS):
            return
        try:
            if self.age() >= limit and time.monotonic() - self._failed_at >= RETRY_SECONDS:
                self._read()
        except DatabaseFailed as unreadable:
            self._failed_at = time.monotonic()
            log.warning("revocation feed unreadable: %s", type(unreadable).__name__)
        finally:
            self._lock.release()
        if self.age() > REVOCATION_MAX_STALENESS:
            raise FeedUnreadable

    def age(self) -> float:
        """Return how old the copy is, in seconds; infinite before the first read."""
        return time.monotonic() - self._read_at

    def _read(self) -> None:
        started = time.monotonic()
        full = started - self._full_read_at >= FULL_RELOAD_SECONDS
        rows = Revocation.objects.live()
        if not full:
            rows = rows.since(self._newest, overlap=OVERLAP)
        entries = {} if full else dict(self._entries)
        for kind, key, revoked_at in rows.values_list("kind", "key", "revoked_at"):
            entries[kind, key] = max(entries.get((kind, key), _LONG_AGO), revoked_at)
            self._newest = max(self._newest, revoked_at)
        self._entries = entries
        self._read_at = started
        if full:
            self._full_read_at = started


def _is_any_revoked(token: AccessToken, known: Mapping[tuple[str, str | None], datetime]) -> bool:
    """Tell whether one of the tokens that a token was exchanged from was: none outlives what it was had for."""
    of_person = known.get((_USER, token.person_id), _LONG_AGO)
    return any(
        (_TOKEN, jti) in known or issued_at(jti) <= max(known.get((_CLIENT, client_id), _LONG_AGO), of_person)
        for jti, client_id in token.exchanged_from
    )


feed = Feed()

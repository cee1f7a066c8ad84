"""Events as lines of JSON: what an export holds, what the chain is made over, the same whatever the database."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import DataError

from trust.audit.models import AuditEventQuerySet

log = logging.getLogger(__name__)

Line = dict[str, Any]

COLUMNS: Final = (
    *("sequence", "id", "at", "action", "subject", "actor", "session", "client_id", "details"),
    *("client_address", "user_agent", "identifier", "salt", "personal_digest", "chain_hash"),
)
_UNREADABLE: Final = (DataError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def read_lines(events: AuditEventQuerySet) -> list[Line]:
    """Read a page of events.

    A row of which somebody made what no event is, such as a time that is none, comes with its `id` and `sequence`
    alone: it stops nobody from reading the others.
    """
    try:
        return [line_of(row) for row in events.values(*COLUMNS)]
    except _UNREADABLE:
        return list(_one_by_one(events))


def line_of(row: dict[str, Any]) -> Line:
    """Return a row in JSON's types: times in UTC with six digits of a second, bytes as hex."""
    row["at"] = moment(row["at"])
    for name in ("subject", "actor", "session"):
        value: UUID | None = row[name]
        row[name] = None if value is None else str(value)
    for name in ("salt", "personal_digest", "chain_hash"):
        raw = row[name]
        row[name] = None if raw is None else bytes(raw).hex()
    return row


def moment(at: datetime) -> str:
    """Return a time as the chain writes it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _one_by_one(events: AuditEventQuerySet) -> Iterator[Line]:
    for place in list(events.values("id", "sequence")):
        try:
            [line] = events.model.objects.by_ids([place["id"]]).values(*COLUMNS)
            yield line_of(line)
        except _UNREADABLE:
            log.error("audit event %s cannot be read", place["id"])
            yield dict(place)

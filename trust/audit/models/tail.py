"""The unsealed tail: committed events that wait for the sealer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Min

from trust.audit.models.event import AuditEvent

_COUNTED: Final = 10_000  # events: nobody needs to know how many more there are


@dataclass(frozen=True, slots=True)
class Tail:
    """How many wait, counted up to a bound, and since when the oldest does."""

    count: int
    oldest: datetime | None
    age: float  # seconds
    is_counted: bool


def tail(*, now: datetime) -> Tail:
    """Return what waits, by the index of what waits alone."""
    found = AuditEvent.objects.unsealed()[: _COUNTED + 1].aggregate(count=Count("pk"), oldest=Min("at"))
    age = (now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Tail(min(found["count"], _COUNTED), found["oldest"], max(age, 0.0), found["count"] <= _COUNTED)

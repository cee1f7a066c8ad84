"""Where a time is among the ids: they are given in the order of time, so that the trail needs no index of times."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet

# By how much the clocks of two database servers may differ, one of which took over from the other.
DISORDER: Final = timedelta(minutes=1)


def first_id_since(events: "QuerySet[Any]", moment: datetime) -> int:
    """Return the first id at or after a time, by some twenty looks at the primary key; if none, the last and one."""
    low = events.order_by("pk").values_list("pk", flat=True).first() or 0
    high = (events.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = events.filter(pk__gte=middle).order_by("pk").values_list("pk", "at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low

"""Deleting much, a little at a time: no transaction is long, nobody waits for the whole, and it may stop in between."""

import time
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.deletion import Collector
from django.db.models.sql import DeleteQuery

_FIRST_BATCH: Final = 500  # rows, also the smallest
_LARGEST_BATCH: Final = 10_000  # rows
_AIM: Final = 0.1  # seconds for one batch; the next one is larger or smaller by what this one took


@dataclass(slots=True)
class Shift:
    """How long somebody works in one go, and whether that was long enough. Without a number: to the end."""

    seconds: float = inf
    left_something: bool = False
    _began: float = field(default_factory=time.monotonic)

    def goes_on(self) -> bool:
        """Tell whether there is time for more; asked when there may be more to do."""
        self.left_something = time.monotonic() - self._began >= self.seconds
        return not self.left_something


def delete_in_batches(*over: "QuerySet[Any]", shift: Shift | None = None) -> int:
    """Delete rows and what hangs on them, each batch in its own transaction; return how many rows there were.

    Between two it rests as long as the last one took, so that others have half of the database's time at least. A row
    that somebody has locked is in use, and is left to the next time, as is what the shift has no time for.

    Rows that may be many come in the order of an index: else PostgreSQL reads a table from its beginning for each
    batch, through all that the last ones left empty. So where they are over for one of several reasons, each is a query
    of its own.
    """
    shift = shift or Shift()
    return sum(_delete(rows, shift) for rows in over)


def _delete(rows: "QuerySet[Any]", shift: Shift) -> int:
    size, deleted = _FIRST_BATCH, 0
    while shift.goes_on():
        began = time.monotonic()
        batch = _delete_batch(rows, size)
        took = time.monotonic() - began
        deleted += batch
        if batch < size:
            break
        time.sleep(took)
        size = _next_size(size, took)
    return deleted


def _next_size(size: int, took: float) -> int:
    if took > _AIM:
        return max(_FIRST_BATCH, size // 2)
    return min(_LARGEST_BATCH, size * 2) if took < _AIM / 2 else size


@transaction.atomic
def _delete_batch(rows: "QuerySet[Any]", size: int) -> int:
    """Delete so many rows at most: what hangs on them by Django's rules, then they themselves by one statement."""
    batch = list(rows.only("pk").select_for_update(skip_locked=True, of=("self",))[:size])
    if not batch:
        return 0
    hanging: Any = Collector(using=rows.db)
    hanging.collect(batch)
    del hanging.data[rows.model]
    hanging.delete()
    return _delete_rows(rows, [row.pk for row in batch])


def _delete_rows(rows: "QuerySet[Any]", keys: list[Any]) -> int:
    query: Any = DeleteQuery(rows.model)
    query.add_filter("pk__in", keys)
    deleted: int = query.do_query(rows.model._meta.db_table, query.where, using=rows.db)
    return deleted

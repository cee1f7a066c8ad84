"""Deleting much, a little at a time: no transaction is long, and nobody waits for the whole."""

from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.deletion import Collector

_BATCH: Final = 500  # rows


def delete_in_batches(rows: "QuerySet[Any]") -> int:
    """Delete rows and what hangs on them, each batch in its own transaction; return how many rows there were.

    A row that somebody has locked is in use, and is left to the next time.
    """
    deleted = 0
    while batch := _delete_batch(rows):
        deleted += batch
    return deleted


@transaction.atomic
def _delete_batch(rows: "QuerySet[Any]") -> int:
    batch = list(rows.order_by().select_for_update(skip_locked=True, of=("self",))[:_BATCH])
    collector = Collector(using=rows.db)
    collector.collect(batch)
    collector.delete()
    return len(batch)

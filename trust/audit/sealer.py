"""The sealer: gives committed events their places in the chain, in batches, one sealer at a time.

Ids are no order of commits: an event with a low id may appear behind one with a higher, when its transaction ends.
So places are given to what is visible and has none, and nothing ever waits for the sealer but the next one.
"""

import logging
import time
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from trust.audit.chain import GENESIS, chain_hash
from trust.audit.lines import Line, read_lines
from trust.audit.models import AuditEvent, SignedHead
from trust.lib.batches import Shift
from trust.lib.locks import hold_until_commit

log = logging.getLogger(__name__)

_BATCH: Final = 1_000  # events: some 50 ms
_TABLE: Final = AuditEvent._meta.db_table
_Place = tuple[int, int, bytes]  # id, sequence, chain hash


def seal_waiting(*, after: int = 0, shift: Shift | None = None) -> int:
    """Seal the events that wait, or those with ids behind `after`, for a shift or all; return how many there were.

    Between two batches it rests as long as the last one took, so that others have half of the database's time.
    """
    shift = shift or Shift()
    sealed = 0
    while AuditEvent.objects.unsealed(after=after).exists() and shift.goes_on():
        began = time.monotonic()
        batch = seal_batch(after=after)
        sealed += batch
        if batch < _BATCH:
            break
        time.sleep(time.monotonic() - began)
    return sealed


@transaction.atomic
def seal_batch(*, after: int = 0, at_most: int = _BATCH) -> int:
    """Seal a batch; return how many events it had.

    A row that somebody holds, such as an erasure, is left to the next time: two who wait for one another end badly.
    """
    hold_until_commit("audit.sealer")
    waiting = AuditEvent.objects.unsealed(after=after).select_for_update(skip_locked=True, no_key=True)
    places = _places(read_lines(waiting[:at_most]))
    _write(places)
    return len(places)


def end_of_chain() -> tuple[int, bytes]:
    """Return the last place that was given and its hash, also if retention has deleted what was there."""
    event = AuditEvent.objects.sealed().reverse().values_list("sequence", "chain_hash").first()
    checkpoint = SignedHead.objects.checkpoints().values_list("sequence", "chain_hash").first()
    sequence, digest = max(event or (0, GENESIS), checkpoint or (0, GENESIS), key=lambda end: end[0] or 0)
    return sequence or 0, bytes(digest or GENESIS)


def _places(lines: Sequence[Line]) -> list[_Place]:
    sequence, previous = end_of_chain()
    places = []
    for line in lines:
        if "at" not in line:  # it cannot be read: nobody here wrote it, and it is seen to be left
            continue
        sequence += 1
        previous = chain_hash(previous, line | {"sequence": sequence})
        places.append((line["id"], sequence, previous))
    return places


def _write(places: Sequence[_Place]) -> None:
    """Write all places by one statement: the ORM's would grow with the square of the batch."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [list(column) for column in zip(*places, strict=True)] or [[], [], []]
            cursor.execute(_ON_POSTGRESQL, columns)
        else:
            cursor.executemany(_ON_SQLITE, [(sequence, digest, pk) for pk, sequence, digest in places])


_ON_POSTGRESQL: Final = f"""UPDATE {_TABLE} SET sequence = places.sequence, chain_hash = places.chain_hash
    FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS places (id, sequence, chain_hash)
    WHERE {_TABLE}.id = places.id"""  # noqa: S608 - the table's name is ours
_ON_SQLITE: Final = f"UPDATE {_TABLE} SET sequence = %s, chain_hash = %s WHERE id = %s"  # noqa: S608 - likewise

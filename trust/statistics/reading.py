"""Reading a host's meter: what was counted since the last reading is added to the counts, in the same transaction.

So whatever is killed, and whenever, a number is added once: either the counts have it and the meter knows, or neither.
"""

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Final

from django.db import transaction

from trust.statistics.conf import MOST_LABELS, OTHER
from trust.statistics.models import Amounts, Count, Key, Meter

Totals = dict[str, dict[str, int]]  # by name, then by label
_LONGEST_LABEL: Final = Count._meta.get_field("label").max_length


@transaction.atomic
def read(meter_id: uuid.UUID, totals: Amounts, *, now: datetime, counts_from_zero: bool) -> int:
    """Add what a host counted since its last reading to the counts of this minute, hour and day; return how much.

    `totals` is all that it counted since its counters began. `counts_from_zero` tells what a meter that nobody knows
    means: one that is new, of which all counts; or one that was forgotten here, of which only what comes next does.
    A total that is less than it was, since a file is gone, counts as nothing.
    """
    meter = Meter.objects.held(meter_id)
    if meter is None:
        meter = Meter(id=meter_id, totals={} if counts_from_zero else _nested(totals), read_at=now)
    before = _amounts(meter.totals)
    grown = {key: total - before.get(key, 0) for key, total in totals.items() if total > before.get(key, 0)}
    Count.objects.add(condensed(grown), at=now)
    meter.totals, meter.read_at = _nested(totals), now
    meter.save()
    return sum(grown.values())


def condensed(amounts: Amounts) -> dict[Key, int]:
    """Leave each name its most frequent labels; what the others counted is under OTHER."""
    by_name: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, amount in amounts.items():
        by_name[key.name].append((amount, key.label))
    kept: defaultdict[Key, int] = defaultdict(int)
    for name, found in by_name.items():
        for place, (amount, label) in enumerate(sorted(found, key=_most_first)):
            kept[Key(name, label[:_LONGEST_LABEL] if place < MOST_LABELS else OTHER)] += amount
    return dict(kept)


def _most_first(counted: tuple[int, str]) -> tuple[int, str]:
    amount, label = counted
    return -amount, label


def _amounts(totals: Totals) -> dict[Key, int]:
    return {Key(name, label): total for name, labels in totals.items() for label, total in labels.items()}


def _nested(totals: Amounts) -> Totals:
    nested: Totals = {}
    for key, total in sorted(totals.items()):
        nested.setdefault(key.name, {})[key.label] = total
    return nested

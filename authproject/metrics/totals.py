"""What the host's processes counted, under the names by which it is kept by time."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from authproject.metrics.cells import Numbers, summed
from authproject.metrics.counting import LIMITS, PEOPLE, SIGN_INS
from authproject.metrics.places import Place
from authproject.metrics.recorder import CLIENTS, REQUESTS, TOKENS
from trust.statistics.models import Key

REFUSED: Final = "refused"  # by route: answers that are no fault of ours, nor of a limit
FAILED: Final = "failed"  # by route: answers of 5xx
_SAME: Final = frozenset({CLIENTS, LIMITS, PEOPLE, SIGN_INS, TOKENS})
_REFUSALS: Final = frozenset({"400", "401", "403"})
BETWEEN: Final = "."


def totals_of(places: Iterable[Place]) -> dict[Key, int]:
    """Return what all files say together, without what nobody looks at by time."""
    totals: defaultdict[Key, int] = defaultdict(int)
    for name, (count, *_) in _relevant(summed(place.numbers for place in places)).items():
        totals[_key(*name)] += int(count)
    return dict(totals)


def _relevant(numbers: Numbers) -> Numbers:
    return {name: values for name, values in numbers.items() if name[0] in _SAME or _is_refusal(name)}


def _is_refusal(name: tuple[str, ...]) -> bool:
    return name[0] == REQUESTS and (name[-1] in _REFUSALS or name[-1].startswith("5"))


def _key(kind: str, *labels: str) -> Key:
    if kind == REQUESTS:
        route, _method, status = labels
        return Key(REFUSED if status in _REFUSALS else FAILED, route)
    return Key(kind, BETWEEN.join(labels))

"""What operators keep elsewhere, read back: a head that was exported, and events that were."""

import heapq
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from trust.audit.lines import Line
from trust.audit.models import SignedHead
from trust.keys.ring import InvalidToken
from trust.notary import statements
from trust.notary.report import Report
from trust.notary.statements import Statement

_LONGEST_HEAD: Final = 100_000  # characters
_LONGEST_LINE: Final = 1_000_000  # characters
# Lines come in the order of ids. Places are in that order but for events that were committed late: by how many lines
# one may be too early.
_OUT_OF_ORDER: Final = 10_000


class NotReadable(Exception):
    """The file is not what it should be."""


def read_head(path: Path) -> Statement:
    """Return what an exported head says. Raises NotReadable, OSError."""
    with path.open(encoding="utf-8") as file:
        kept = _loaded(file.read(_LONGEST_HEAD))
    try:
        return statements.read(kept.get("jws"), kept.get("jwk"), kind=SignedHead.Kind.HEAD)
    except InvalidToken as refused:
        raise NotReadable(f"its signature does not hold ({refused})") from refused


def read_events(report: Report, file: IO[str]) -> Iterator[Line]:
    """Read events in the order of their places; those that waited for the sealer are counted. Raises NotReadable."""
    waiting = number = 0
    nearly: list[tuple[int, int, Line]] = []
    while text := file.readline(_LONGEST_LINE):
        number += 1
        line = _line(text, number)
        if line["sequence"] is None:
            waiting += 1
            continue
        heapq.heappush(nearly, (line["sequence"], number, line))
        if len(nearly) > _OUT_OF_ORDER:
            yield heapq.heappop(nearly)[2]
    while nearly:
        yield heapq.heappop(nearly)[2]
    report.note(f"Not sealed yet when it was exported: {waiting} events.")


def _line(text: str, number: int) -> Line:
    try:
        line = _loaded(text)
        place = line.get("sequence", "")
        is_event = "id" in line and (place is None or (isinstance(place, int) and not isinstance(place, bool)))
        return line if is_event else _refuse("it is no event")
    except NotReadable as refused:
        raise NotReadable(f"line {number}: {refused}") from refused


def _loaded(text: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as malformed:
        raise NotReadable("it is no JSON") from malformed
    return loaded if isinstance(loaded, dict) else _refuse("it is no JSON object")


def _refuse(why: str) -> dict[str, Any]:
    raise NotReadable(why)

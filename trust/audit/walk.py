"""Walking along the chain: what does not follow from what was before it is found, and the walk goes on behind it."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from trust.audit.chain import GENESIS, chain_hash
from trust.audit.lines import Line, read_lines
from trust.audit.models import AuditEvent
from trust.audit.record import personal_digest

_PAGE: Final = 2_000  # events read by one statement
_NO_EVENT: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and at which place of the chain."""

    sequence: int
    what: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"place {self.sequence}: {self.what}"


@dataclass(slots=True)
class Walk:
    """Where somebody is on the chain: behind which place, and the hash there, or None if nothing can be said of it.

    `known` are hashes that places must have, as signed heads say.
    """

    sequence: int = 0
    previous: bytes | None = GENESIS
    known: Mapping[int, bytes] = field(default_factory=dict)
    count: int = 0
    at: str = ""

    def along(self, lines: Iterable[Line]) -> Iterator[Finding]:
        """Go along these events."""
        for line in lines:
            yield from self._step(line)

    def _step(self, line: Line) -> Iterator[Finding]:
        self.count += 1
        sequence = line["sequence"]
        if not isinstance(sequence, int) or sequence <= self.sequence:
            yield Finding(self.sequence, f"inserted: the event {line['id']} claims a place that is taken, or none")
            return
        if sequence > self.sequence + 1:
            yield Finding(self.sequence + 1, _removed(self.sequence + 1, sequence - 1))
            self.previous = None
        yield from self._look_at(sequence, line)

    def _look_at(self, sequence: int, line: Line) -> Iterator[Finding]:
        claimed = _claimed(line)
        if claimed is None or (self.previous is not None and not _follows(self.previous, line, claimed)):
            yield Finding(sequence, f"altered: the event {line['id']}, or the hash before it, is not what was sealed")
        elif not _personal_fields_hold(line):
            yield Finding(sequence, f"altered: the personal fields of the event {line['id']} are not what was recorded")
        if self.known.get(sequence, claimed) != claimed:
            yield Finding(sequence, "rewritten: a signed head says another hash of this place")
        self.sequence, self.previous, self.at = sequence, claimed, str(line.get("at", self.at))


def pages(*, behind: int, at_most: int | None = None) -> Iterator[list[Line]]:
    """Read the chain from the database, page by page: nothing is held for longer than one statement."""
    while at_most is None or at_most > 0:
        size = _PAGE if at_most is None else min(_PAGE, at_most)
        page = read_lines(AuditEvent.objects.sealed_after(behind)[:size])
        if page:
            yield page
        if len(page) < size or not isinstance(page[-1]["sequence"], int):
            return
        behind = page[-1]["sequence"]
        at_most = None if at_most is None else at_most - size


def _removed(first: int, last: int) -> str:
    return "removed: its event is gone" if first == last else f"removed: the events up to place {last} are gone"


def _claimed(line: Line) -> bytes | None:
    try:
        claimed = bytes.fromhex(line["chain_hash"])
    except _NO_EVENT:
        return None
    return claimed if len(claimed) == len(GENESIS) else None


def _follows(previous: bytes, line: Line, claimed: bytes) -> bool:
    try:
        return hmac.compare_digest(chain_hash(previous, line), claimed)
    except _NO_EVENT:
        return False


def _personal_fields_hold(line: Line) -> bool:
    """Tell whether the personal fields are what the digest was made of, or were erased together with the salt."""
    try:
        fields = (line["client_address"], line["user_agent"], line["identifier"])
        if line["salt"] is None:
            return not any(fields)
        return personal_digest(bytes.fromhex(line["salt"]), *fields) == bytes.fromhex(line["personal_digest"])
    except _NO_EVENT:
        return False

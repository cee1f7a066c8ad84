"""Verifying the chain, in the database or in an export, and against a head that somebody kept elsewhere."""

import time
from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from trust.audit import models
from trust.audit.lines import Line
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.walk import Walk, pages
from trust.notary import kept_heads
from trust.notary.report import Report
from trust.notary.statements import Statement


def verify_database(report: Report, *, outside: Statement | None, now: datetime) -> None:
    """Walk along the chain in the database, and compare it with the heads kept there and the one from outside."""
    behind, previous = kept_heads.beginning(report)
    heads = kept_heads.read_all(report, now=now)
    walk = Walk(behind, previous, known={head.sequence: head.chain_hash for head in heads} | _known(outside))
    _walk(report, walk, pages(behind=behind))
    for head in heads:
        if head.sequence > walk.sequence:
            report.add(f"removed: a signed head of {head.at:%Y-%m-%d} says events up to place {head.sequence}")
    _compare(report, walk, behind, outside, beyond="removed")
    _say_what_is_outside_the_chain(report, behind, now)


def verify_export(report: Report, lines: Iterable[Line], *, outside: Statement | None) -> None:
    """Walk along an export. It may begin anywhere: what its first event follows is then not in it."""
    coming = iter(lines)
    first = [line for line in [next(coming, None)] if line is not None]
    walk = Walk(known=_known(outside))
    if first and isinstance(place := first[0]["sequence"], int) and place > 1:
        walk.sequence, walk.previous = place - 1, None
        report.note(f"It begins at place {place}: what that event follows is not in the file.")
    behind = walk.sequence
    _walk(report, walk, ([line] for line in chain(first, coming)))
    _compare(report, walk, behind, outside, beyond="not in the file")


def _walk(report: Report, walk: Walk, read: Iterable[list[Line]]) -> None:
    began = time.perf_counter()
    for page in read:
        report.add_all(walk.along(page))
    took = time.perf_counter() - began
    digest = walk.previous.hex() if walk.previous else "unknown"
    report.note(f"Read {walk.count} events in {took:.1f} s ({walk.count / took:.0f} a second).")
    report.note(f"The chain ends at place {walk.sequence}, hash {digest}, {walk.at or 'empty'}.")


def _known(head: Statement | None) -> dict[int, bytes]:
    return {head.sequence: head.chain_hash} if head else {}


def _compare(report: Report, walk: Walk, behind: int, head: Statement | None, *, beyond: str) -> None:
    """Say what comparing with the head from outside proves; the walk has compared the hash at its place."""
    if head is None:
        return
    if head.sequence > walk.sequence:
        report.add(f"{beyond}: the head that you gave says events up to place {head.sequence}")
    elif head.sequence <= behind:
        report.add(f"not proven: the head that you gave, of place {head.sequence}, is older than what is kept")
    else:
        report.note(f"Compared with the head that you gave, of place {head.sequence} and {head.at:%Y-%m-%d}.")


def _say_what_is_outside_the_chain(report: Report, behind: int, now: datetime) -> None:
    events = AuditEvent.objects
    checkpoint = SignedHead.objects.checkpoints().first()
    if checkpoint and checkpoint.sequence > behind:
        report.note("Old events were deleted meanwhile: if anything was found, verify again.")
    if cut := events.sealed_after(0).sealed_up_to(behind).count():
        report.note(f"{cut} events before the beginning wait to be deleted; they are not verified.")
    if strange := events.in_no_place().count():
        report.add(f"inserted: {strange} events have a hash, and no place or one before the first")
    tail = models.tail(now=now)
    age = f", the oldest {tail.age:.0f} s old" if tail.count else ""
    report.note(f"Not sealed yet: {tail.count} events{age}.")

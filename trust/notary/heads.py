"""The head of the chain, signed once a day: whoever keeps one elsewhere can tell later what was taken away since.

Each is signed only after what came since the last one was read and holds, or a rewritten past would be signed anew.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from trust.audit.chain import GENESIS
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.walk import Finding, Walk, pages
from trust.lib.batches import Shift
from trust.lib.locks import hold_until_commit
from trust.notary import statements
from trust.notary.conf import HEAD_EVERY, HEAD_STRETCH


class ChainBroken(Exception):
    """The chain does not hold, so that nothing is signed and nothing deleted: run `manage.py audit_verify`."""

    def __init__(self, findings: list[Finding]) -> None:
        """Keep what was found first."""
        super().__init__(str(findings[0]))
        self.findings = findings


def sign_due(*, now: datetime, shift: Shift | None = None) -> int:
    """Sign a head, unless one was signed today, and so on until the chain's end; return how many.

    Raises ChainBroken, NoSigningKey.
    """
    shift = shift or Shift()
    signed = 0
    while shift.goes_on() and sign_next(now=now, unless_within=timedelta(0) if signed else HEAD_EVERY):
        signed += 1
    return signed


@transaction.atomic
def sign_next(*, now: datetime, unless_within: timedelta = timedelta(0)) -> SignedHead | None:
    """Sign the head of the chain, or of a stretch of it; None if the last head says all that there is to say.

    A head of `unless_within` is enough, as long as no whole stretch came since. Raises ChainBroken, NoSigningKey.
    """
    hold_until_commit("audit.heads")
    last, begins = SignedHead.objects.heads().first(), beginning()
    behind = max(begins, _place(last), key=lambda place: place[0])
    walk = Walk(*behind)
    findings = [*_anchor_lost(behind, begins)]
    findings += [found for page in pages(behind=behind[0], at_most=HEAD_STRETCH) for found in walk.along(page)]
    if findings or walk.previous is None:
        raise ChainBroken(findings)
    if not _is_due(last, walk, now - unless_within):
        return None
    count = walk.sequence - begins[0]
    return statements.sign(statements.HEAD, sequence=walk.sequence, chain_hash=walk.previous, count=count, now=now)


def beginning() -> tuple[int, bytes]:
    """Return the place behind which events are kept, and its hash."""
    return _place(SignedHead.objects.checkpoints().first())


def exported(head: SignedHead) -> Mapping[str, Any]:
    """Return what an operator keeps of a head: what was signed, the key, and the same in plain words."""
    return {
        "kind": head.kind,
        "jws": head.jws,
        "jwk": head.jwk,
        "thumbprint": statements.thumbprint(head.jwk),
        "sequence": head.sequence,
        "chain_hash": bytes(head.chain_hash).hex(),
        "count": head.count,
        "at": head.at.isoformat(timespec="seconds"),
    }


def _place(head: SignedHead | None) -> tuple[int, bytes]:
    return (head.sequence, bytes(head.chain_hash)) if head else (0, GENESIS)


def _anchor_lost(behind: tuple[int, bytes], begins: tuple[int, bytes]) -> Iterator[Finding]:
    """Look whether the event that the last head speaks of is there, unless it was cut off, and has its hash."""
    sequence, said = behind
    if sequence > begins[0] and AuditEvent.objects.hash_at(sequence) != said:
        yield Finding(sequence, "removed or rewritten: the last signed head says another hash of this place")


def _is_due(last: SignedHead | None, walk: Walk, before: datetime) -> bool:
    if not walk.count and (last is None or statements.is_of_our_key(last.jws, kind=statements.HEAD)):
        return False
    return last is None or walk.count >= HEAD_STRETCH or last.at <= before or not walk.count

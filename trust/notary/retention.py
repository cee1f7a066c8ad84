"""Old events are deleted, oldest first, and the chain begins behind them: a signed checkpoint says where and how.

What is cut off is read and verified before. Else who could change rows would only have to make them old, and the site
itself would take the traces away and sign for what is left.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import transaction

from trust.audit.lines import Line, moment
from trust.audit.models import AuditEvent, SignedHead
from trust.audit.record import record
from trust.audit.walk import Finding, Walk, pages
from trust.lib.batches import Shift, delete_in_batches
from trust.lib.locks import hold_until_commit
from trust.notary import kept_heads, statements
from trust.notary.conf import CUT_STRETCH, RENEWED_AFTER
from trust.notary.heads import ChainBroken, beginning


def delete_old(*, now: datetime, shift: Shift | None = None) -> int:
    """Delete the events that are older than AUDIT_RETENTION_DAYS, if there is such an age; return how many.

    Raises ChainBroken, NoSigningKey.
    """
    shift = shift or Shift()
    _keep_provable(now)
    deleted = _delete_cut(shift)  # what was left when somebody was interrupted
    if not settings.AUDIT_RETENTION_DAYS:
        return deleted
    older_than = now - timedelta(days=settings.AUDIT_RETENTION_DAYS)
    while shift.goes_on() and _cut(older_than=older_than, now=now):
        deleted += _delete_cut(shift)
    return deleted


@transaction.atomic
def _cut(*, older_than: datetime, now: datetime) -> SignedHead | None:
    """Say where the chain begins from now on, up to a stretch further than it did; None if nothing there is old."""
    hold_until_commit("audit.heads")
    last = SignedHead.objects.checkpoints().first()
    if last and not kept_heads.is_sound(last):
        raise ChainBroken([Finding(last.sequence, "the checkpoint is not signed by a key of this site")])
    walk = Walk(*beginning())
    limit = moment(older_than)
    findings = [found for page in _old_pages(walk.sequence, limit) for found in walk.along(page)]
    if findings:
        raise ChainBroken(findings)
    if not walk.count or walk.previous is None:
        return None
    record("audit.events_deleted", details={"through": walk.sequence, "count": walk.count})
    return statements.sign(
        statements.CHECKPOINT, sequence=walk.sequence, chain_hash=walk.previous, count=walk.count, now=now
    )


def _old_pages(behind: int, limit: str) -> Iterator[list[Line]]:
    """Read what is old, up to the first event that is not: events are nearly in the order of time."""
    for page in pages(behind=behind, at_most=CUT_STRETCH):
        old = list(takewhile(lambda line: line.get("at", "") < limit, page))
        yield old
        if len(old) < len(page):
            return


def _delete_cut(shift: Shift) -> int:
    """Delete what is cut off, if it was this site that did: who can write a row of that table has not signed it."""
    checkpoint = SignedHead.objects.checkpoints().first()
    if checkpoint is None or not kept_heads.is_sound(checkpoint):
        return 0
    return delete_in_batches(AuditEvent.objects.sealed_up_to(checkpoint.sequence), shift=shift)


def _keep_provable(now: datetime) -> None:
    """Sign the last checkpoint again while its key is known: keys rotate away."""
    last = SignedHead.objects.checkpoints().first()
    if last and last.at < now - RENEWED_AFTER and kept_heads.is_sound(last):
        renew_checkpoint(last, now=now)


def renew_checkpoint(last: SignedHead, *, now: datetime) -> SignedHead:
    """Sign what the checkpoint says with today's key."""
    digest = bytes(last.chain_hash)
    return statements.sign(statements.CHECKPOINT, sequence=last.sequence, chain_hash=digest, count=last.count, now=now)

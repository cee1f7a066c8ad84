"""The heads and checkpoints that are kept beside the chain, read with distrust: who writes there can write them."""

from datetime import datetime

from trust.audit.chain import GENESIS
from trust.audit.models import SignedHead
from trust.keys.ring import InvalidToken
from trust.notary import statements
from trust.notary.conf import HEAD_EXPECTED_WITHIN
from trust.notary.report import Report
from trust.notary.statements import Statement


def beginning(report: Report) -> tuple[int, bytes]:
    """Return the place behind which events are kept, and its hash, as the last checkpoint says."""
    checkpoint = SignedHead.objects.checkpoints().first()
    if checkpoint is None:
        report.note("The chain begins at place 1: nothing was ever deleted.")
        return 0, GENESIS
    said = _read(report, checkpoint)
    if not is_sound(checkpoint):
        report.add(f"the checkpoint of place {checkpoint.sequence} is not signed by a key of this site")
    if said:
        report.note(f"The chain begins behind place {said.sequence}: cut off on {said.at:%Y-%m-%d}, and signed.")
    return checkpoint.sequence, bytes(checkpoint.chain_hash)


def read_all(report: Report, *, now: datetime) -> list[Statement]:
    """Return what all heads say, the newest first, of which one must be signed by a key of this site."""
    newest = SignedHead.objects.heads().first()
    if newest is None:
        report.note("No head was signed yet.")
        return []
    if not is_sound(newest):
        report.add(
            f"the last head, of place {newest.sequence}, is not signed by a key of this site: expected after "
            "`rotate_signing_keys --distrust`, and mended by `audit_head`, once a kept head was compared"
        )
    if newest.at < now - HEAD_EXPECTED_WITHIN:
        report.note("The last head is old: is there a worker, and does its daily work succeed?")
    heads = [said for head in SignedHead.objects.heads().iterator() if (said := _read(report, head))]
    report.note(f"{len(heads)} signed heads were compared, the last of {newest.at:%Y-%m-%d}, place {newest.sequence}.")
    return heads


def is_sound(head: SignedHead) -> bool:
    """Tell whether a key of this site signed what the row says."""
    return _said(head) is not None and statements.is_of_our_key(head.jws, kind=head.kind)


def _read(report: Report, head: SignedHead) -> Statement | None:
    said = _said(head)
    if said is None:
        report.add(f"altered: the {head.kind} of place {head.sequence} is not what was signed")
    return said


def _said(head: SignedHead) -> Statement | None:
    try:
        said = statements.read(head.jws, head.jwk, kind=head.kind)
    except InvalidToken:
        return None
    return said if (said.sequence, said.chain_hash) == (head.sequence, bytes(head.chain_hash)) else None

"""A proof checked whole: what it says, its nonce, and that it is used once among all processes (RFC 9449 section 4.3).

Each proof is remembered in one place alone, so that it cannot be used in each: in Redis, or where there is none, in the
database. While Redis cannot be reached, proofs are taken with a nonce that says that the database remembers them; and
such a proof is looked for there by whoever gets it, Redis or not (RFC 9449 section 11.1).
"""

from datetime import datetime
from typing import Final, NamedTuple

from django.conf import settings

from trust.dpop import nonces, proof_key
from trust.dpop.conf import REMEMBERED_SECONDS
from trust.dpop.errors import NonceNeeded, ProofRefused
from trust.dpop.models import USE_PROOF, ProofAsk
from trust.dpop.nonces import Place
from trust.dpop.proof import Presented, Proof, verified
from trust.explain.vocabulary import Found
from trust.lib import marks, shared_statements
from trust.lib.settled import settled

_marks: Final = marks.Marks(seconds=REMEMBERED_SECONDS)


class Usable(NamedTuple):
    """A proof that is good but for its use. `next_nonce` is for the client's next proof, if it sends nonces."""

    proof: Proof
    place: Place
    next_nonce: str


def checked(shown: Presented, *, now: datetime, access_token: str = "") -> Usable:
    """Return the proof of a request, for an access token where one is shown with it; nothing is written yet.

    Raises ProofRefused, NonceNeeded.
    """
    proof = verified(shown, now=now, access_token=access_token)
    if not proof.nonce:
        if _is_nonce_required():
            raise NonceNeeded(fresh_nonce(now=now))
        return Usable(proof, Place.CACHE if marks.are_kept() else Place.DATABASE, "")
    place = nonces.place_of(proof.nonce, now=now)
    if place is None:
        raise NonceNeeded(fresh_nonce(now=now))
    return Usable(proof, place, fresh_nonce(now=now))


async def use(usable: Usable, *, now: datetime) -> None:
    """Use a proof up. Raises ProofRefused if it was used before, NonceNeeded if Redis cannot remember it.

    Written at once: nothing that comes after it may begin the request anew (trust.lib.waiting).
    """
    digest = proof_key.digest(f"{usable.proof.thumbprint}:{usable.proof.jti}".encode())
    is_first: bool | None
    if usable.place is Place.CACHE:
        is_first = await _marks.make(f"dpop:{digest}")
        if is_first is None:
            raise NonceNeeded(nonces.fresh(Place.DATABASE, now=now))
    else:
        is_first = await shared_statements.ask(USE_PROOF, ProofAsk(digest))
    if not is_first:
        raise ProofRefused(Found.DPOP_USED)


def fresh_nonce(*, now: datetime) -> str:
    """Return a nonce for proofs that are remembered where they can be now."""
    return nonces.fresh(Place.CACHE if _marks.seem_kept() else Place.DATABASE, now=now)


def forget() -> None:
    """Forget what this process knows: keys, and whether Redis was there."""
    proof_key.forget()
    _marks.forget()


@settled(1)
def _is_nonce_required() -> bool:
    return settings.DPOP_NONCE == "required"

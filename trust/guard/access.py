"""The access token of a request, by the scheme that it asks for: Bearer, or DPoP with a proof by the token's own key.

RFC 9449 section 7: a bound token is refused as Bearer, and one that is not bound is refused as DPoP.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from django.conf import settings

from trust.dpop import check
from trust.dpop.check import Usable
from trust.dpop.errors import NonceNeeded, ProofRefused
from trust.dpop.proof import Presented
from trust.explain.vocabulary import Found
from trust.guard.bearer import Reader, check_bearer, check_value, credentials_of, verified
from trust.guard.challenge import Challenge
from trust.guard.context import Proof
from trust.guard.exceptions import Refused
from trust.guard.refusal import Refusal, of_challenge
from trust.tokens.access_token import AccessToken

NONCE: Final = "trust.dpop.nonce"  # of a request's META: what its answer gives the client for its next proof
_DPOP: Final = "dpop "


Present = Callable[[], Presented | None]


def presented(header: str | None, method: str | None, path: str) -> Presented | None:
    """Return the proof that a request came with, if it did: its address is that of ISSUER, whatever Host says."""
    return None if header is None else Presented(header, method or "", settings.ISSUER + path)


class Access(NamedTuple):
    """A token that is good now, and the proof that came with it, good but for its use."""

    token: AccessToken
    usable: Usable | None = None

    @property
    def proof(self) -> Proof | None:
        """The proof as AccessContext has it."""
        return None if self.usable is None else Proof({"jkt": self.usable.proof.thumbprint})

    def refusal(self, refusal: Refusal) -> Refusal:
        """Return a refusal as it is said by the scheme that the token came by."""
        return refusal if self.usable is None else by_dpop(refusal)

    @property
    def nonce(self) -> str:
        """The nonce for the client's next proof, empty unless it sends nonces or must."""
        return "" if self.usable is None else self.usable.next_nonce


def check_access(authorization: str, present: Present, *, now: datetime, read: Reader = verified) -> Access | None:
    """Return the token that a request came with, or None if it has no such credentials; nothing is written yet.

    `present` says which proof came, and is asked where one matters. The proof is to be used then (use_proof), before
    anything is done or told by the token's authority. Raises Refused, FeedUnreadable.
    """
    if not is_by_dpop(authorization):
        token = check_bearer(authorization, now=now, read=read)
        return None if token is None else Access(token)
    value = credentials_of(authorization, scheme="dpop") or ""
    try:
        token = check_value(value, now=now, read=read)
        return Access(token, _checked(present(), token, value, now=now))
    except Refused as refused:
        raise Refused(by_dpop(refused.refusal)) from refused
    except ProofRefused as refused:
        raise Refused(_refusal(refused)) from refused


async def use_proof(access: Access, *, now: datetime) -> None:
    """Use up the proof of a request, if it has one. Raises Refused.

    Nothing that comes after it may begin the request anew in a thread (trust.lib.waiting).
    """
    if access.usable is None:
        return
    try:
        await check.use(access.usable, now=now)
    except ProofRefused as refused:
        raise Refused(_refusal(refused)) from refused


def is_by_dpop(authorization: str) -> bool:
    """Tell whether an Authorization header is of the scheme DPoP, whose name has no case."""
    return authorization[: len(_DPOP)].lower() == _DPOP


def by_dpop(refusal: Refusal) -> Refusal:
    """Return a refusal as it is said to who came by DPoP."""
    return replace(refusal, challenge=refusal.challenge and replace(refusal.challenge, scheme="DPoP"))


def _checked(shown: Presented | None, token: AccessToken, value: str, *, now: datetime) -> Usable:
    if token.cnf is None:
        raise Refused(_invalid_token("The access token is not bound to a key"))
    if shown is None:
        raise ProofRefused(Found.DPOP_MISSING)
    usable = check.checked(shown, now=now, access_token=value)
    if token.cnf.get("jkt") != usable.proof.thumbprint:
        raise Refused(_invalid_token("The access token is bound to another key"))
    return usable


def _invalid_token(description: str) -> Refusal:
    return of_challenge(Challenge(error="invalid_token", description=description))


def _refusal(refused: ProofRefused) -> Refusal:
    description = refused.description.rstrip(".")
    if isinstance(refused, NonceNeeded):
        challenge = Challenge(error="use_dpop_nonce", description=description, scheme="DPoP")
        return replace(of_challenge(challenge), nonce=refused.nonce)
    return of_challenge(Challenge(error="invalid_dpop_proof", description=description, scheme="DPoP"))

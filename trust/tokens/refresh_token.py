"""A refresh token: a sealed counter (docs/decisions/0004). `typ: rt+jwt`, HS256 under a key that is never published.

It names the row, the generation and the absolute end. It is genuine by its seal; whether it is current is the
row's to say (trust.tokens.rotation).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trust.keys.models import Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.tokens.vocabulary import REFRESH_TOKEN_TYP

TOO_OLD: Final = "exp"  # why a genuine token is not good any more


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a refresh token says: the row's id, the generation, the absolute end in seconds since the epoch."""

    row_id: uuid.UUID
    generation: int
    expires_at: int


def seal(token: RefreshToken, *, now: datetime) -> str:
    """Return the token as it goes to its client."""
    claims = {"jti": str(token.row_id), "gen": token.generation, "exp": token.expires_at}
    return ring.sign(claims, typ=REFRESH_TOKEN_TYP, algorithm=Algorithm.HS256, now=now)


def unseal(value: str, *, now: datetime) -> RefreshToken:
    """Return what a genuine, unexpired refresh token says. Raises InvalidToken."""
    claims = ring.verify(value, typ=REFRESH_TOKEN_TYP, algorithms=[Algorithm.HS256])
    return from_claims(claims, now=now)


def from_claims(claims: dict[str, Any], *, now: datetime) -> RefreshToken:
    """Return the typed token of claims whose signature was verified. Raises InvalidToken."""
    try:
        token = RefreshToken(uuid.UUID(claims["jti"]), int(claims["gen"]), int(claims["exp"]))
    except (KeyError, ValueError, TypeError, AttributeError) as malformed:
        raise InvalidToken("claims") from malformed
    if token.expires_at <= now.timestamp():
        raise InvalidToken(TOO_OLD)
    return token

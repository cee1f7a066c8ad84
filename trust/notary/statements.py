"""What is signed of the chain: a compact JWS (RFC 7515) of a kind of its own, and the public key beside it.

The key proves who signed as long as it can be told to be the site's: while it is published, or by its thumbprint
(RFC 7638) to whoever noted that. A JWS with a key beside it alone proves nothing, for anybody can make both.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from trust.audit.chain import GENESIS
from trust.audit.models import SignedHead
from trust.keys import foreign, jws
from trust.keys.models import PUBLISHED, Algorithm
from trust.keys.ring import InvalidToken, ring
from trust.lib import clock

HEAD: Final = SignedHead.Kind.HEAD
CHECKPOINT: Final = SignedHead.Kind.CHECKPOINT

_TYP: Final = {HEAD: "audit-head+jwt", CHECKPOINT: "audit-checkpoint+jwt"}
_VERSION: Final = 1  # of the chain's bytes: docs/decisions/0025
_LONGEST: Final = 4_096  # characters
# Members of the thumbprint by key type (RFC 7638 section 3.2, RFC 8037 section 2).
_THUMBPRINT: Final = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a head says: up to this place, which has this hash, the chain held `count` events at that time."""

    kind: str
    sequence: int
    chain_hash: bytes
    count: int
    at: datetime
    issuer: str
    thumbprint: str


def sign(kind: SignedHead.Kind, *, sequence: int, chain_hash: bytes, count: int, now: datetime) -> SignedHead:
    """Sign and keep a head. Raises NoSigningKey."""
    claims = {
        "iss": settings.ISSUER,
        "iat": int(now.timestamp()),
        "version": _VERSION,
        "sequence": sequence,
        "chain_hash": chain_hash.hex(),
        "count": count,
    }
    signed = ring.sign(claims, typ=_TYP[kind], algorithm=Algorithm.ES256, now=now)
    kid = jws.parse(signed).kid
    [jwk] = [jwk for jwk in ring.jwks()["keys"] if jwk["kid"] == kid]
    return SignedHead.objects.create(
        kind=kind, at=now, sequence=sequence, chain_hash=chain_hash, count=count, jws=signed, jwk=jwk
    )


def read(signed: object, jwk: object, *, kind: str) -> Statement:
    """Return what a head says, if the key beside it signed it. Raises InvalidToken."""
    if not isinstance(signed, str) or not isinstance(jwk, Mapping):
        raise InvalidToken("no head")
    parsed = foreign.parse(signed, longest=_LONGEST)
    if parsed.typ != _TYP[SignedHead.Kind(kind)]:
        raise InvalidToken("typ")
    claims = foreign.verified(parsed, [{"keys": [jwk]}])
    return _statement(kind, claims, thumbprint(jwk))


def is_of_our_key(signed: str, *, kind: str) -> bool:
    """Tell whether a key signed it that this site has still."""
    try:
        ring.verify(signed, typ=_TYP[SignedHead.Kind(kind)], algorithms=PUBLISHED)
    except InvalidToken:
        return False
    return True


def thumbprint(jwk: object) -> str:
    """Return the SHA-256 thumbprint of a public key (RFC 7638 section 3). Raises InvalidToken."""
    if not isinstance(jwk, Mapping):
        raise InvalidToken("key")
    members = _THUMBPRINT.get(str(jwk.get("kty")), ())
    if not members or not all(isinstance(jwk.get(name), str) for name in members):
        raise InvalidToken("key")
    required = json.dumps({name: jwk[name] for name in members}, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(required.encode()).digest()).rstrip(b"=").decode()


def _statement(kind: str, claims: Mapping[str, Any], print_of_key: str) -> Statement:
    try:
        if claims["version"] != _VERSION:
            raise InvalidToken("version")
        said = Statement(
            kind=kind,
            sequence=int(claims["sequence"]),
            chain_hash=bytes.fromhex(claims["chain_hash"]),
            count=int(claims["count"]),
            at=clock.from_epoch(claims["iat"]),
            issuer=str(claims["iss"]),
            thumbprint=print_of_key,
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as malformed:
        raise InvalidToken("claims") from malformed
    if said.sequence < 1 or len(said.chain_hash) != len(GENESIS):
        raise InvalidToken("claims")
    return said

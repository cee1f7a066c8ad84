"""Compact JWS (RFC 7515 section 7.1), strictly: signed and verified with key objects by the algorithm of the key.

Nothing of a token's header chooses how it is verified (RFC 8725 sections 3.1, 3.2, 3.10, 3.11): `kid` picks one
of our keys, the key says the algorithm, `typ` must be what the caller expects, and `crit`, embedded keys and
anything but canonical base64url are refused.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final

from jwt.algorithms import Algorithm as JwaAlgorithm
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm

from trust.keys.conf import MAX_TOKEN_LENGTH
from trust.keys.jwk import PrivateKey
from trust.lib.strict_json import MalformedJson, parse_json

_JWA: Final[dict[str, JwaAlgorithm]] = {
    "ES256": ECAlgorithm(ECAlgorithm.SHA256),
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "EdDSA": OKPAlgorithm(),
    "HS256": HMACAlgorithm(HMACAlgorithm.SHA256),
}
_HEADER_ALLOWED: Final = frozenset({"alg", "typ", "kid"})
_PARTS: Final = 3


class InvalidToken(Exception):
    """Not one of our tokens, not of the expected kind, or its signature does not hold. Why is for the log only."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A compact JWS taken apart, nothing verified."""

    kid: str
    typ: str
    alg: str
    signed: bytes
    signature: bytes
    payload: bytes


def sign(claims: dict[str, Any], *, key: PrivateKey, algorithm: str, kid: str, typ: str) -> str:
    """Return the compact JWS of `claims`."""
    header = {"alg": algorithm, "typ": typ, "kid": kid}
    signed = f"{_encode_json(header)}.{_encode_json(claims)}".encode("ascii")
    return f"{signed.decode('ascii')}.{_encode(_JWA[algorithm].sign(signed, key))}"


def parse(token: str) -> Parsed:
    """Take a compact JWS apart, in bounded size. Raises InvalidToken."""
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise InvalidToken("size or characters")
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise InvalidToken("not compact")
    header = load_json(_decode(parts[0]))
    if not _HEADER_ALLOWED.issuperset(header) or not all(isinstance(value, str) for value in header.values()):
        raise InvalidToken("header")
    return Parsed(
        kid=header.get("kid", ""),
        typ=header.get("typ", ""),
        alg=header.get("alg", ""),
        signed=f"{parts[0]}.{parts[1]}".encode("ascii"),
        signature=_decode(parts[2]),
        payload=_decode(parts[1]),
    )


def verify(parsed: Parsed, *, key: Any, algorithm: str, typ: str) -> dict[str, Any]:
    """Return the claims if the signature holds under `key` and its `algorithm`. Raises InvalidToken."""
    if parsed.alg != algorithm or parsed.typ.lower() != typ:
        raise InvalidToken("algorithm or typ")
    if not _JWA[algorithm].verify(parsed.signed, key, parsed.signature):
        raise InvalidToken("signature")
    return load_json(parsed.payload)


def load_json(raw: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises InvalidToken for anything else, repeated names and deep nesting included."""
    try:
        loaded = parse_json(raw)
    except MalformedJson as malformed:
        raise InvalidToken("json") from malformed
    if not isinstance(loaded, dict):
        raise InvalidToken("json")
    return loaded


def _encode_json(value: dict[str, Any]) -> str:
    return _encode(json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode("ascii"))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error) as malformed:
        raise InvalidToken("base64url") from malformed
    if _encode(raw) != text:
        raise InvalidToken("base64url not canonical")
    return raw

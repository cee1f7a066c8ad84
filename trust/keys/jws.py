"""JWS of our own (RFC 7515), strictly: signed and verified with key objects by the algorithm of the key.

Nothing of a token's header chooses how it is verified (RFC 8725 sections 3.1, 3.2, 3.10, 3.11): `kid` picks one
of our keys, the key says the algorithm, `typ` must be what the caller expects, and `crit`, embedded keys and
anything but canonical base64url are refused.
"""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import Algorithm as JwaAlgorithm
from jwt.algorithms import ECAlgorithm, HMACAlgorithm, OKPAlgorithm, RSAAlgorithm

from trust.keys import compact
from trust.keys.conf import MAX_TOKEN_LENGTH
from trust.keys.jwk import PrivateKey

_JWA: Final[dict[str, JwaAlgorithm]] = {
    "ES256": ECAlgorithm(ECAlgorithm.SHA256),
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "EdDSA": OKPAlgorithm(),
    "HS256": HMACAlgorithm(HMACAlgorithm.SHA256),
}
_ES256: Final = ECDSA(SHA256())
_ES256_PART: Final = 32  # bytes of each half of a signature (RFC 7518 section 3.4)
_HEADER_ALLOWED: Final = frozenset({"alg", "typ", "kid"})

InvalidToken = compact.InvalidToken


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
    signed = f"{_header(algorithm, typ, kid)}.{compact.encode_json(claims)}"
    return f"{signed}.{compact.encode(_signature(signed.encode('ascii'), key, algorithm))}"


def _signature(signed: bytes, key: Any, algorithm: str) -> bytes:
    match algorithm:  # those of every token without the library's detours
        case "ES256":
            r, s = decode_dss_signature(key.sign(signed, _ES256))
            return r.to_bytes(_ES256_PART, "big") + s.to_bytes(_ES256_PART, "big")
        case "HS256":
            return hmac.digest(key, signed, "sha256")
    return _JWA[algorithm].sign(signed, key)


@lru_cache(64)
def _header(algorithm: str, typ: str, kid: str) -> str:
    return compact.encode_json({"alg": algorithm, "typ": typ, "kid": kid})


def parse(token: str) -> Parsed:
    """Take a compact JWS apart, in bounded size. Raises InvalidToken."""
    parts = compact.take_apart(token, longest=MAX_TOKEN_LENGTH)
    header = parts.header
    if not _HEADER_ALLOWED.issuperset(header) or not all(isinstance(value, str) for value in header.values()):
        raise InvalidToken("header")
    return Parsed(
        kid=header.get("kid", ""),
        typ=header.get("typ", ""),
        alg=header.get("alg", ""),
        signed=parts.signed,
        signature=parts.signature,
        payload=parts.payload,
    )


def verify(parsed: Parsed, *, key: Any, algorithm: str, typ: str) -> dict[str, Any]:
    """Return the claims if the signature holds under `key` and its `algorithm`. Raises InvalidToken."""
    if parsed.alg != algorithm or parsed.typ.lower() != typ:
        raise InvalidToken("algorithm or typ")
    if not _holds(parsed, key, algorithm):
        raise InvalidToken("signature")
    return compact.load_json(parsed.payload)


def _holds(parsed: Parsed, key: Any, algorithm: str) -> bool:
    if algorithm == "HS256":
        return hmac.compare_digest(_signature(parsed.signed, key, algorithm), parsed.signature)
    return _JWA[algorithm].verify(parsed.signed, key, parsed.signature)

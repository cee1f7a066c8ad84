"""JWS that strangers sign with keys of their own (RFC 7515): providers their id tokens, clients what they assert.

Only what they publish verifies them: no key, address or certificate of a token's header is looked at, `crit` is
refused, and a key takes the algorithms of its own type alone (RFC 8725 sections 3.1, 3.2, 3.10).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import Algorithm as JwaAlgorithm
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

from trust.keys import compact, foreign_jwk
from trust.keys.compact import InvalidToken
from trust.keys.foreign_jwk import PublicKey

__all__ = ["ForeignJws", "InvalidToken", "holds", "parse", "seconds", "verified"]

_JWA: Final[Mapping[str, JwaAlgorithm]] = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "ES256": ECAlgorithm(ECAlgorithm.SHA256),
    "EdDSA": OKPAlgorithm(),
}
_ES256: Final = ec.ECDSA(SHA256())
_ES256_PART: Final = 32  # bytes of each half of a signature (RFC 7518 section 3.4)
# Nobody's keys, for the work that a signature costs where there is no key: how long it takes tells nothing.
_RSA_STAND_IN: Final = rsa.RSAPublicNumbers(65537, (1 << 2047) + 1).public_key()
_STAND_INS: Final[Mapping[str, PublicKey]] = {
    "RS256": _RSA_STAND_IN,
    "PS256": _RSA_STAND_IN,
    "ES256": ec.derive_private_key(1, ec.SECP256R1()).public_key(),
    "EdDSA": ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key(),
}


@dataclass(frozen=True, slots=True)
class ForeignJws:
    """A compact JWS taken apart. `unverified` is what it claims; `typ` is in lower case, empty if there is none."""

    alg: str
    kid: str | None
    typ: str
    unverified: dict[str, Any]
    signed: bytes
    signature: bytes


def parse(token: str, *, longest: int) -> ForeignJws:
    """Take a compact JWS of at most `longest` characters apart. Raises InvalidToken."""
    parts = compact.take_apart(token, longest=longest)
    alg, kid, typ = (parts.header.get(name) for name in ("alg", "kid", "typ"))
    if "crit" in parts.header:  # we understand no extension, so that the token MUST be refused (section 4.1.11)
        raise InvalidToken("crit")
    if not isinstance(alg, str) or not all(value is None or isinstance(value, str) for value in (kid, typ)):
        raise InvalidToken("header")
    claims = compact.load_json(parts.payload)
    return ForeignJws(foreign_jwk.algorithm(alg), kid, (typ or "").lower(), claims, parts.signed, parts.signature)


def verified(token: ForeignJws, key_sets: Iterable[object]) -> dict[str, Any]:
    """Return the claims if a key of one of the signer's sets (RFC 7517 section 5) made the signature.

    The sets are asked for one after the other, as long as none does: keys change. Raises InvalidToken.
    """
    if token.alg not in _JWA:
        raise InvalidToken("algorithm")
    for key_set in key_sets:
        key = foreign_jwk.the_one_for(key_set, alg=token.alg, kid=token.kid)
        holds = _JWA[token.alg].verify(token.signed, key or _STAND_INS[token.alg], token.signature)
        if key is not None and holds:
            return token.unverified
    raise InvalidToken("no key of the signer made this signature")


def holds(signature: bytes, signed: bytes, key: PublicKey, *, alg: str) -> bool:
    """Tell whether a key made a signature by the algorithm, which must be one of the key's own."""
    if alg == "ES256" and isinstance(key, ec.EllipticCurvePublicKey):  # without the library's detours
        return _es256_holds(signature, signed, key)
    return _JWA[alg].verify(signed, key, signature)


def _es256_holds(signature: bytes, signed: bytes, key: ec.EllipticCurvePublicKey) -> bool:
    if len(signature) != 2 * _ES256_PART:
        return False
    r, s = int.from_bytes(signature[:_ES256_PART]), int.from_bytes(signature[_ES256_PART:])
    try:
        key.verify(encode_dss_signature(r, s), signed, _ES256)
    except InvalidSignature:
        return False
    return True


def seconds(claims: Mapping[str, Any], name: str) -> int | float | None:
    """Return a NumericDate (RFC 7519 section 2), or None if it is not there or is no number."""
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None

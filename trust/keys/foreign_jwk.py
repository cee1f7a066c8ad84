"""Public keys that strangers publish (RFC 7517), as key objects: those alone whose kind and size we take."""

from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from trust.keys import compact
from trust.keys.compact import InvalidToken

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

# Signature algorithms by the key type that they belong to. No `none`, and no shared secrets (RFC 8725 section 3.1).
ALGORITHMS: Final[Mapping[str, tuple[str, ...]]] = {"RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA",)}
# RFC 9864 section 2.2: a name that says the curve too, for what is called EdDSA as well.
_OTHER_NAMES: Final[Mapping[str, str]] = {"Ed25519": "EdDSA"}
PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 sections 6.2.2, 6.3.2, 6.4
_RSA_BITS: Final = (2048, 8192)  # shorter is weak (RFC 7518 section 3.3), longer is slow
_LONGEST_EXPONENT: Final = 64  # bits
_COORDINATE: Final = 32  # bytes, of both curves


def algorithm(name: str) -> str:
    """Return the name of an algorithm that we know it by."""
    return _OTHER_NAMES.get(name, name)


def the_one_for(key_set: object, *, alg: str, kid: str | None) -> PublicKey | None:
    """Return the key of a set that may have signed, or None: without a `kid` there must be no choice.

    OpenID Connect Core section 10.1 demands a `kid` where there are several.
    """
    listed = key_set.get("keys") if isinstance(key_set, Mapping) else None
    fitting = [jwk for jwk in listed if _fits(jwk, alg, kid)] if isinstance(listed, list) else []
    return _loaded(fitting[0]) if len(fitting) == 1 else None


def of_jwk(jwk: object, *, alg: str) -> PublicKey | None:
    """Return the key that a JWK is, by which `alg` may have signed, or None."""
    return _loaded(jwk) if isinstance(jwk, Mapping) and _fits(jwk, alg, None) else None


def _fits(jwk: object, alg: str, kid: str | None) -> bool:
    """Tell by its members whether a key is for this (RFC 7517 section 4); one that is told whole proves nothing."""
    return (
        isinstance(jwk, Mapping)
        and (kid is None or jwk.get("kid") == kid)
        and jwk.get("use", "sig") == "sig"
        and algorithm(str(jwk.get("alg", alg))) == alg
        and alg in ALGORITHMS.get(str(jwk.get("kty")), ())
        and not PRIVATE_MEMBERS & jwk.keys()
    )


def _loaded(jwk: Mapping[str, Any]) -> PublicKey | None:
    """Return the key object; a key that is malformed is as if it were not there."""
    try:
        return _LOADERS[jwk["kty"]](jwk)
    except (InvalidToken, ValueError):
        return None


def _rsa(jwk: Mapping[str, Any]) -> PublicKey:
    modulus, exponent = (int.from_bytes(_bytes(jwk, name)) for name in ("n", "e"))
    shortest, longest = _RSA_BITS
    if not shortest <= modulus.bit_length() <= longest or exponent.bit_length() > _LONGEST_EXPONENT:
        raise ValueError("size of the RSA key")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _ec(jwk: Mapping[str, Any]) -> PublicKey:
    x, y = (int.from_bytes(_coordinate(jwk, name, curve="P-256")) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _okp(jwk: Mapping[str, Any]) -> PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(_coordinate(jwk, "x", curve="Ed25519"))


_LOADERS: Final = {"RSA": _rsa, "EC": _ec, "OKP": _okp}


def _coordinate(jwk: Mapping[str, Any], name: str, *, curve: str) -> bytes:
    raw = _bytes(jwk, name)
    if jwk.get("crv") != curve or len(raw) != _COORDINATE:
        raise ValueError("curve, or length of a coordinate")
    return raw


def _bytes(jwk: Mapping[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    return compact.decode(value) if isinstance(value, str) else b""

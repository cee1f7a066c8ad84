"""Keys as JSON Web Keys (RFC 7517) and as sealed text: made, published, brought back as key objects."""

import base64
import secrets
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from trust.keys.conf import RSA_BITS
from trust.keys.models import Algorithm
from trust.lib.sealing import seal, unseal

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | bytes
Jwk = dict[str, str]

_PURPOSE: Final = "signing-key"
_SECRET_BYTES: Final = 32


def generate(algorithm: Algorithm) -> PrivateKey:
    """Make a new private key, or a symmetric one for HS256."""
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.RS256:
            return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        case Algorithm.EDDSA:
            return ed25519.Ed25519PrivateKey.generate()
        case Algorithm.HS256:
            return secrets.token_bytes(_SECRET_BYTES)


def seal_private(key: PrivateKey) -> str:
    """Return the private key sealed for the database."""
    if isinstance(key, bytes):
        return seal(key, purpose=_PURPOSE)
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return seal(plain, purpose=_PURPOSE)


def unseal_private(algorithm: str, sealed: str) -> PrivateKey:
    """Bring a sealed private key back. Raises SealBroken."""
    plain = unseal(sealed, purpose=_PURPOSE)
    if algorithm == Algorithm.HS256:
        return plain
    key = serialization.load_der_private_key(plain, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey)
    return key


def public_jwk(key: PrivateKey, *, kid: str, algorithm: str) -> Jwk:
    """Return the public JWK: key type's members, `use`, `alg` and `kid` (RFC 7518 section 6, RFC 8037 section 2)."""
    described = {"kid": kid, "use": "sig", "alg": algorithm}
    match key:
        case ec.EllipticCurvePrivateKey():
            point = key.public_key().public_numbers()
            return {"kty": "EC", "crv": "P-256", "x": _b64_int(point.x, 32), "y": _b64_int(point.y, 32), **described}
        case rsa.RSAPrivateKey():
            numbers = key.public_key().public_numbers()
            modulus_bytes = (numbers.n.bit_length() + 7) // 8
            return {"kty": "RSA", "n": _b64_int(numbers.n, modulus_bytes), "e": _b64_int(numbers.e, 3), **described}
        case ed25519.Ed25519PrivateKey():
            return {"kty": "OKP", "crv": "Ed25519", "x": _b64(key.public_key().public_bytes_raw()), **described}
        case bytes():
            raise ValueError("a symmetric key is never published")


def _b64_int(number: int, length: int) -> str:
    return _b64(number.to_bytes(length, "big"))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")

"""Keys of a client's own: what it signs its assertions and request objects with, and their public halves."""

import json
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

_KINDS: Final[Mapping[str, Any]] = {
    "RS256": RSAAlgorithm, "PS256": RSAAlgorithm, "ES256": ECAlgorithm, "EdDSA": OKPAlgorithm,
}  # fmt: skip


class ClientKey:
    """A key for one algorithm, with a kid."""

    def __init__(self, algorithm: str, *, new: bool = False) -> None:
        self.algorithm = algorithm
        self.kid = secrets.token_urlsafe(8)
        self._private = _made(algorithm) if new else _kept(algorithm)

    @property
    def public(self) -> dict[str, Any]:
        """The public half as a JWK."""
        jwk = _KINDS[self.algorithm].to_jwk(self._private.public_key())
        named = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        return (jwk if isinstance(jwk, dict) else json.loads(jwk)) | named

    @property
    def key_set(self) -> dict[str, Any]:
        return {"keys": [self.public]}

    def sign(self, claims: Mapping[str, Any], *, typ: str = "JWT", kid: bool = True) -> str:
        headers = {"typ": typ, "kid": self.kid if kid else None}
        return jwt.encode(dict(claims), self._private, algorithm=self.algorithm, headers=headers)


@cache
def _kept(algorithm: str) -> Any:
    return _made(algorithm)


def _made(algorithm: str) -> Any:
    if _KINDS[algorithm] is RSAAlgorithm:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else ed25519.Ed25519PrivateKey.generate()

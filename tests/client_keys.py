"""Keys of clients, and what they sign with them, well or ill: PyJWT would not make half of it."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import Algorithm, ECAlgorithm, OKPAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

ISSUER: Final = "http://testserver"
_JWA: Final[Mapping[str, Algorithm]] = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "ES256": ECAlgorithm(ECAlgorithm.SHA256),
    "EdDSA": OKPAlgorithm(),
}
ALGORITHMS: Final = tuple(_JWA)
Claims = Mapping[str, Any]


class ClientKey:
    """A private key for one algorithm, and its kid. The same algorithm and kid are the same key."""

    def __init__(self, algorithm: str = "ES256", kid: str = "one") -> None:
        self.algorithm, self.kid = algorithm, kid
        self.private = _private("RSA" if algorithm in {"RS256", "PS256"} else algorithm, kid)

    def jwk(self, **changed: Any) -> dict[str, Any]:
        """Return the public key as a JWK; None takes a member away."""
        public = json.loads(type(_JWA[self.algorithm]).to_jwk(self.private.public_key()))
        public |= {"kid": self.kid, "use": "sig", "alg": self.algorithm} | changed
        return {name: value for name, value in public.items() if value is not None and name != "key_ops"}

    def key_set(self, **changed: Any) -> dict[str, Any]:
        """Return a set of this key alone."""
        return {"keys": [self.jwk(**changed)]}

    def sign(self, claims: Claims | bytes, **header: Any) -> str:
        """Return a compact JWS of claims, or of anything; None takes a member of the header away."""
        said = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid} | header
        signed = unsigned(claims, {name: value for name, value in said.items() if value is not None})[:-1]
        return f"{signed}.{b64(_JWA[self.algorithm].sign(signed.encode(), self.private))}"


def unsigned(claims: Claims | bytes, header: Claims | None = None) -> str:
    """Return a compact JWS without a signature."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return f"{b64(json.dumps(header or {'alg': 'none'}).encode())}.{b64(payload)}."


def assertion_claims(client_id: str = "app", **changed: Any) -> dict[str, Any]:
    """Return what an assertion says (RFC 7523 section 3); None takes a claim away."""
    now = int(time.time())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": f"{time.time_ns()}",
    }
    return {name: value for name, value in (claims | changed).items() if value is not None}


def by_assertion(assertion: str, **more: str) -> dict[str, str]:
    """Return the form in which a client sends an assertion (RFC 7523 section 2.2)."""
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    return {"client_assertion_type": kind, "client_assertion": assertion, **more}


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _private(kind: str, kid: str) -> Any:
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ES256" else ed25519.Ed25519PrivateKey.generate()

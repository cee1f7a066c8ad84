"""Keys of clients that have one instead of a secret (private_key_jwt)."""

import json
from typing import Any, Final

from joserfc.jwk import ECKey, OKPKey, RSAKey

_MAKERS: Final[dict[str, Any]] = {
    "RS256": lambda: RSAKey.generate_key(2048, private=True),
    "PS256": lambda: RSAKey.generate_key(2048, private=True),
    "ES256": lambda: ECKey.generate_key("P-256", private=True),
    "EdDSA": lambda: OKPKey.generate_key("Ed25519", private=True),
}


class ClientKey:
    """A key of its own, for one algorithm."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm, self.kid = algorithm, "ours"
        self.key = _MAKERS[algorithm]()
        self._members = {"kid": self.kid, "use": "sig", "alg": algorithm}

    @property
    def jwk(self) -> str:
        """The private key, for the client's program."""
        return json.dumps({**self.key.as_dict(private=True), **self._members})

    def pem(self, *, private: bool) -> bytes:
        """One half of it, for a server's configuration."""
        return self.key.as_pem(private=private)

    def registered(self) -> dict[str, Any]:
        """What its client is registered as."""
        return {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": self.algorithm,
            "client_secret": "",
            "jwks": {"keys": [{**self.key.as_dict(private=False), **self._members}]},
        }

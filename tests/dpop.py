"""What a client does that has a key: DPoP proofs (RFC 9449), well or ill made."""

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final

from django.test import Client as Browser

from tests.client_keys import ClientKey, b64
from tests.clients import Application, basic, post_form

ISSUER: Final = "http://testserver"
TOKEN_URL: Final = f"{ISSUER}/oauth/token"
USERINFO_URL: Final = f"{ISSUER}/oauth/userinfo"


class ProofKey(ClientKey):
    """A private key that makes proofs."""

    def public(self, **changed: Any) -> dict[str, Any]:
        """Return the public key as the header of a proof has it; None takes a member away."""
        return self.jwk(**({"kid": None, "use": None, "alg": None} | changed))

    @property
    def thumbprint(self) -> str:
        """The key's SHA-256 thumbprint (RFC 7638), worked out without our code."""
        names = {"EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n"), "OKP": ("crv", "kty", "x")}
        public = self.public()
        said = json.dumps({name: public[name] for name in names[public["kty"]]}, separators=(",", ":"))
        return b64(hashlib.sha256(said.encode()).digest())

    def proof(
        self,
        method: str = "POST",
        url: str = TOKEN_URL,
        *,
        token: str = "",
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """Return a proof for a request, with the hash of a token where one is shown; None takes a claim away."""
        said = {"jti": secrets.token_urlsafe(12), "htm": method, "htu": url, "iat": int(time.time())}
        said |= {"ath": ath_of(token)} if token else {}
        kept = {name: value for name, value in (said | claims).items() if value is not None}
        named = {"typ": "dpop+jwt", "kid": None, "jwk": self.public()} | dict(header or {})
        return self.sign(kept, **named)


def ath_of(token: str) -> str:
    """Return the hash of an access token (RFC 9449 section 4.2)."""
    return b64(hashlib.sha256(token.encode()).digest())


class BoundApplication(Application):
    """A client's program whose tokens are bound to its key."""

    key = ProofKey(kid="the application's")

    def token(self, *, proof: str | None = None, **form: Any) -> Any:
        """Send a token request with a proof; an empty one leaves it out."""
        credentials = {"client_id": self.client.client_id} if self.is_public else {}
        headers = {} if self.is_public else {"authorization": basic(self.client.client_id, self.secret)}
        shown = self.key.proof() if proof is None else proof
        return post_form("/oauth/token", credentials | form, **headers, **({"dpop": shown} if shown else {}))


def ask(path: str, token: str, proof: str | None, *, scheme: str = "DPoP", method: str = "GET") -> Any:
    """Send a request to a resource of ours, with a token and a proof."""
    headers = {"authorization": f"{scheme} {token}"} | ({} if proof is None else {"dpop": proof})
    return Browser().generic(method, path, headers=headers)


def userinfo(token: str, key: ProofKey, **changed: Any) -> Any:
    """Ask the userinfo endpoint with a proof by this key."""
    return ask("/oauth/userinfo", token, key.proof("GET", USERINFO_URL, token=token, **changed))

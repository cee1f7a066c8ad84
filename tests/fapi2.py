"""A client of the FAPI 2.0 security profile, as a program is one: it pushes, it signs, it proves its key."""

import base64
import hashlib
import json
import time
from typing import Any, Final
from urllib.parse import urlencode

from oauth.models import Client
from oauth.vocabulary import AuthMethod
from tests.client_keys import ISSUER, ClientKey, assertion_claims, by_assertion
from tests.clients import Application, answer_of, make_client, post_form
from tests.relying_party import verified

KEY: Final = ClientKey("ES256", "fapi")
PROOF_KEY: Final = ClientKey("ES256", "proof")
PAR: Final = "/oauth/par"
AUTHORIZE: Final = "/oauth/authorize"
TOKEN: Final = "/oauth/token"


def make_fapi_client(client_id: str = "bank", *, key: ClientKey = KEY, **named: Any) -> Client:
    """Make a client of the profile."""
    defaults: dict[str, Any] = {
        "name": "The Bank",
        "profile": "fapi2",
        "token_endpoint_auth_method": AuthMethod.PRIVATE_KEY_JWT,
        "client_secret": "",
        "jwks": key.key_set(),
        "algorithm": "ES256",
        "rotates_refresh_tokens": False,
        "redirect_uris": "https://bank.example/callback",
    }
    return make_client(client_id, **(defaults | named))


def thumbprint(key: ClientKey = PROOF_KEY) -> str:
    """Return a key's thumbprint (RFC 7638)."""
    members = {name: value for name, value in key.jwk().items() if name in {"crv", "kty", "x", "y", "e", "n"}}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def proof(method: str, path: str, *, key: ClientKey = PROOF_KEY, access_token: str = "", **changed: Any) -> str:
    """Return a DPoP proof (RFC 9449 section 4.2); None takes a claim away."""
    claims = {"htm": method, "htu": ISSUER + path, "iat": int(time.time()), "jti": f"{time.time_ns()}"}
    if access_token:
        digest = hashlib.sha256(access_token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    said = {name: value for name, value in (claims | changed).items() if value is not None}
    return key.sign(said, typ="dpop+jwt", kid=None, jwk=key.jwk(kid=None, use=None, alg=None))


class FapiApplication(Application):
    """The program of a client of the profile, and the browser of its person."""

    def __init__(self, client: Client, *, key: ClientKey = KEY, proof_key: ClientKey = PROOF_KEY) -> None:
        super().__init__(client)
        self.key, self.proof_key = key, proof_key

    def assertion(self, **changed: Any) -> dict[str, str]:
        """Return what authenticates the client."""
        return by_assertion(self.key.sign(assertion_claims(self.client.client_id, **changed)))

    def push(self, *, form: dict[str, Any] | None = None, **changed: Any) -> Any:
        """Push an authorization request: `form` in place of its authentication, `changed` of its parameters."""
        return post_form(PAR, (self.assertion() if form is None else form) | self.parameters(**changed))

    def pushed(self, **changed: Any) -> str:
        """Push a good request, and return its request_uri."""
        answer = self.push(**changed)
        assert answer.status_code == 201, answer.content
        return answer.json()["request_uri"]

    def bring(self, request_uri: str, **more: str) -> Any:
        """Send the browser with a request_uri."""
        return self.browser.get(self.address(request_uri, **more))

    def address(self, request_uri: str, **more: str) -> str:
        """Return where the browser is sent."""
        query = {"client_id": self.client.client_id, "request_uri": request_uri} | more
        return f"{AUTHORIZE}?{urlencode(query)}"

    def allow(self, request_uri: str, decision: str = "allow") -> Any:
        """Bring a request, and decide on its page if there is one."""
        answer = self.bring(request_uri)
        if answer.status_code == 200:
            answer = self.browser.post(self.address(request_uri), {"decision": decision})
        return answer

    def code(self, **changed: Any) -> str:
        """Get a code, by a request of its own."""
        return answer_of(self.allow(self.pushed(**changed)))["code"]

    def token(self, *, dpop: str | None = None, **form: Any) -> Any:
        """Send a token request, with a proof."""
        header = proof("POST", TOKEN, key=self.proof_key) if dpop is None else dpop
        return post_form(TOKEN, self.assertion() | form, **({"dpop": header} if header else {}))

    def userinfo(self, access_token: str, *, scheme: str = "DPoP", dpop: str | None = None) -> Any:
        """Ask who the person is."""
        path = "/oauth/userinfo"
        header = proof("GET", path, key=self.proof_key, access_token=access_token) if dpop is None else dpop
        headers = {"authorization": f"{scheme} {access_token}"} | ({"dpop": header} if header else {})
        return self.browser.get(path, headers=headers)

    def claims_of_id_token(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """Return what the id token says, verified by our published keys."""
        return verified(tokens["id_token"], audience=self.client.client_id)

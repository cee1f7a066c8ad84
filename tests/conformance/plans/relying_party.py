"""A relying party: asks, takes the answer in, authenticates at the endpoints, and believes nothing unverified."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

import jwt
import requests

from tests.conformance.plans.browser import Browser
from tests.conformance.plans.client_keys import ClientKey
from tests.conformance.plans.pages import Landing, Page
from tests.conformance.plans.provider import Provider

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_HASHES: Final = {"RS256": hashlib.sha256, "ES256": hashlib.sha256, "EdDSA": hashlib.sha512}


@dataclass(frozen=True)
class SignIn:
    """What a sign-in came to: the answer at the redirect URI, the token response, the id token's claims."""

    answer: Mapping[str, str]
    tokens: Mapping[str, Any]
    claims: Mapping[str, Any]

    @property
    def access_token(self) -> str:
        return str(self.tokens["access_token"])

    @property
    def id_token(self) -> str:
        return str(self.tokens["id_token"])


@dataclass
class RelyingParty:
    """A client of the provider, as it was registered; `asks` are parameters of all its requests."""

    provider: Provider
    registered: Mapping[str, Any]
    method: str = "client_secret_basic"
    key: ClientKey | None = None
    asks: dict[str, str] = field(default_factory=dict)

    @property
    def client_id(self) -> str:
        return str(self.registered["client_id"])

    @property
    def redirect_uri(self) -> str:
        return str(self.registered["redirect_uris"][0])

    def request(self, **changed: str | None) -> dict[str, str]:
        """Return an authentication request; None takes a parameter away."""
        request = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": secrets.token_urlsafe(9),
            "nonce": secrets.token_urlsafe(9),
            **self.asks,
            **changed,
        }
        return {name: value for name, value in request.items() if value is not None}

    def url(self, request: Mapping[str, str]) -> str:
        return f"{self.provider.endpoint('authorization')}?{urlencode(request)}"

    def page(self, browser: Browser, *, until: str = "", **changed: str | None) -> Page:
        """Send the browser to the provider and return the page where it stops: one of kind `until`."""
        arrived = browser.go(self.url(self.request(**changed)), until=until)
        assert isinstance(arrived, Page), f"led away: {arrived}"
        assert arrived.kind == until
        return arrived

    def ask(self, browser: Browser, *, decision: str = "allow", **changed: str | None) -> dict[str, str]:
        """Send the browser to the provider and return the answer that it brings, errors too."""
        request = self.request(**changed)
        return self.answer(browser.go(self.url(request), decision=decision), request)

    def answer(self, landed: Page | Landing, request: Mapping[str, str]) -> dict[str, str]:
        """Return the answer of a request, having checked that it came as asked: where, how, by whom, with the state."""
        assert isinstance(landed, Landing), f"no answer: {landed.status} {landed.text}"
        assert landed.address == request.get("redirect_uri", self.redirect_uri).partition("?")[0]
        assert landed.method == ("POST" if request.get("response_mode") == "form_post" else "GET")
        assert landed.fields.get("state") == request.get("state")
        assert landed.fields["iss"] == self.provider.metadata["issuer"]
        return dict(landed.fields)

    def code(self, browser: Browser, **changed: str | None) -> str:
        answer = self.ask(browser, **changed)
        assert "error" not in answer, answer
        return answer["code"]

    def exchange(self, code: str, **more: str) -> requests.Response:
        """Send the token request for a code."""
        return self.token(
            **{"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri} | more
        )

    def refresh(self, refresh_token: str, **more: str) -> requests.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **more)

    def token(self, **form: str) -> requests.Response:
        return self.call("token", form)

    def call(self, endpoint: str, form: Mapping[str, str]) -> requests.Response:
        """Send a form to an endpoint, authenticated by the client's method."""
        url = self.provider.endpoint(endpoint)
        proof, headers = self.credentials(audience=url)
        return self.provider.post(url, {**form, **proof}, **headers)

    def credentials(self, *, audience: str = "") -> tuple[dict[str, str], dict[str, str]]:
        """Return fields and headers that prove who the client is, by the method that it uses."""
        match self.method:
            case "client_secret_basic":
                pair = f"{quote_plus(self.client_id)}:{quote_plus(self.registered['client_secret'])}"
                return {}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
            case "client_secret_post":
                return {"client_id": self.client_id, "client_secret": self.registered["client_secret"]}, {}
            case "private_key_jwt":
                value = self.assertion(aud=self.provider.metadata["issuer"])
                return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": value}, {}
            case "none":
                return {"client_id": self.client_id}, {}
        raise AssertionError(f"no exercise for {self.method}")

    def assertion(self, **changed: Any) -> str:
        """Return a client assertion (RFC 7523 section 3)."""
        assert self.key is not None
        now = int(time.time())
        claims = {"iss": self.client_id, "sub": self.client_id, "jti": secrets.token_urlsafe(12), "iat": now}
        claims |= {"exp": now + 60, "aud": self.provider.metadata["issuer"]}
        return self.key.sign({name: value for name, value in (claims | changed).items() if value is not None})

    def request_object(self, request: Mapping[str, str], *, signed: bool = True) -> str:
        """Return the parameters of a request as one object (RFC 9101 section 4)."""
        claims = {**request, "iss": self.client_id, "aud": self.provider.metadata["issuer"]}
        if not signed:
            return unsigned(claims)
        assert self.key is not None
        now = int(time.time())
        times = {"iat": now, "nbf": now, "exp": now + 300, "jti": secrets.token_urlsafe(9)}
        return self.key.sign(claims | times, typ="oauth-authz-req+jwt")

    def sign_in(self, browser: Browser, **changed: str | None) -> SignIn:
        """Go the whole way, and check what a client must check (OpenID Connect Core section 3.1.3.7)."""
        request = self.request(**changed)
        answer = self.answer(browser.go(self.url(request)), request)
        assert "error" not in answer, answer
        exchanged = self.exchange(answer["code"])
        assert exchanged.status_code == 200, exchanged.text
        tokens = exchanged.json()
        return SignIn(answer, tokens, self.id_token_claims(tokens, nonce=request.get("nonce")))

    def id_token_claims(self, tokens: Mapping[str, Any], *, nonce: str | None = None) -> dict[str, Any]:
        """Return the claims of the id token of a token response, verified."""
        header = jwt.get_unverified_header(tokens["id_token"])
        assert header["alg"] == self.registered.get("id_token_signed_response_alg", "RS256")
        claims = self.provider.verified(tokens["id_token"], audience=self.client_id, required=("exp", "iat", "sub"))
        assert claims["aud"] in (self.client_id, [self.client_id])
        assert claims.get("azp", self.client_id) == self.client_id
        assert claims.get("nonce") == nonce
        if "at_hash" in claims:
            assert claims["at_hash"] == _half_hash(tokens["access_token"], header["alg"])
        return claims

    def userinfo(self, tokens: SignIn | Mapping[str, Any]) -> dict[str, Any]:
        """Ask for the claims by the header, signed or not, as registered."""
        access_token = tokens.access_token if isinstance(tokens, SignIn) else tokens["access_token"]
        answer = self.provider.get(self.provider.endpoint("userinfo"), Authorization=f"Bearer {access_token}")
        assert answer.status_code == 200, answer.text
        if "userinfo_signed_response_alg" not in self.registered:
            assert answer.headers["Content-Type"].startswith("application/json")
            return answer.json()
        assert answer.headers["Content-Type"].startswith("application/jwt")
        assert jwt.get_unverified_header(answer.text)["alg"] == self.registered["userinfo_signed_response_alg"]
        return self.provider.verified(answer.text, audience=self.client_id, required=("sub",))


def unsigned(claims: Mapping[str, Any]) -> str:
    """Return a JWT that nobody signed (RFC 7519 section 6)."""
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def _half_hash(value: str, algorithm: str) -> str:
    digest = _HASHES[algorithm](value.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()

"""A provider that says whatever a test wants it to say, and the browser of somebody who comes from it."""

import html
import json
import re
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client as Browser
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from trust.lib import clock

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: Any, **members: str) -> dict[str, Any]:
    """The public half of a key."""
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | members
    return ECAlgorithm(ECAlgorithm.SHA256).to_jwk(key.public_key(), as_dict=True) | members


@dataclass
class Issuer:
    """What it says: each dictionary is laid over what a good provider would say.

    None takes a member away; a timedelta as a claim is a time as far from now.
    """

    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [jwk(RSA_KEY, kid="rsa"), jwk(EC_KEY, kid="ec", alg="ES256")])
    signing_key: Any = RSA_KEY
    alg: str = "RS256"
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # path -> what is answered instead
    requests: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)  # path, headers, form
    sub: str = "248289761001"
    email: str = "bob@corp.example"
    nonce: str = ""  # of who left last
    nonces: dict[str, str] = field(default_factory=dict)  # by code, where several are on the way
    asked: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    def app(self, provider_id: str = "corp", **settings: Any) -> dict[str, Any]:
        """The entry of OIDC_PROVIDERS."""
        settings = {"server_url": self.url} | settings
        return {
            "provider_id": provider_id,
            "name": provider_id.title(),
            "client_id": "us",
            "secret": "our secret, + & so on",
            "settings": settings,
        }

    def _changed_claims(self, now: int) -> dict[str, Any]:
        return {name: _moved(value, now) for name, value in self.claims.items()}

    def answer(self, path: str, form: dict[str, str]) -> Any:
        """What stands at a path, to who sends this form."""
        now = int(clock.now().timestamp())
        match path:
            case "/.well-known/openid-configuration":
                endpoints = {
                    "authorization_endpoint": "authorize",
                    "token_endpoint": "token",
                    "jwks_uri": "jwks",
                    "userinfo_endpoint": "userinfo",
                }
                return _over({"issuer": self.url} | {k: f"{self.url}/{v}" for k, v in endpoints.items()}, self.metadata)
            case "/jwks":
                return {"keys": self.keys}
            case "/token":
                claims = {"iss": self.url, "sub": self.sub, "aud": "us", "iat": now}
                claims["nonce"] = self.nonces.get(form.get("code", ""), self.nonce)
                claims = _over(claims | {"exp": now + 300, "auth_time": now}, self._changed_claims(now))
                header = _over({"kid": "rsa"}, self.header)
                token = jwt.encode(claims, self.signing_key, self.alg, headers=header)
                return _over({"access_token": "at", "token_type": "Bearer", "id_token": token}, self.tokens)
            case "/userinfo":
                person = {"sub": self.sub, "email": self.email, "email_verified": True, "name": "Bob Builder"}
                return _over(person, self.userinfo)
        return None


def _moved(value: Any, now: int) -> Any:
    return now + int(value.total_seconds()) if isinstance(value, timedelta) else value


def _over(said: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (said | changed).items() if value is not None}


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))

        def _answer(self, form: dict[str, str]) -> None:
            if urlsplit(self.path).path == "/authorize":
                self._ask(issuer.asked)
                return
            issuer.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, form))
            status, body = issuer.broken.get(self.path) or (200, json.dumps(issuer.answer(self.path, form)).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _ask(self, asked: dict[str, str]) -> None:
            """Show a form that may lead to us and to nobody else, as ours would; sent, lead there."""
            asked.update(parse_qsl(urlsplit(self.path).query))
            self.send_response(303 if self.command == "POST" else 200)
            if self.command == "POST":
                issuer.nonce = asked["nonce"]
                self.send_header(
                    "Location", f"{asked['redirect_uri']}?{urlencode({'code': 'c', 'state': asked['state']})}"
                )
            home = urlsplit(asked["redirect_uri"])
            self.send_header("Content-Security-Policy", f"form-action 'self' {home.scheme}://{home.netloc}")
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<link rel=icon href='data:,'><form method=post><button>Allow us</button></form>")

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class Visitor:
    """Somebody who signs in by a provider, with a browser of their own."""

    def __init__(self, issuer: Issuer, provider_id: str = "corp") -> None:
        self.issuer, self.provider_id = issuer, provider_id
        self.browser = Browser()

    def leave(self, query: str = "", path: str = "login/") -> dict[str, str]:
        """Press the button; return the parameters that the provider gets."""
        page = self.browser.post(f"/accounts/oidc/{self.provider_id}/{path}{query}")
        assert page.status_code == 200, page
        self.address = self.goes_on_to(page)
        sent = parse_qs(urlsplit(self.address).query, strict_parsing=True)
        assert all(len(values) == 1 for values in sent.values())
        self.sent = {name: values[0] for name, values in sent.items()}
        self.issuer.nonce = self.sent["nonce"]
        return self.sent

    def come_back(self, **changed: Any) -> Any:
        """Bring the provider's answer; None takes a parameter away."""
        answer = _over({"code": "the code", "state": self.sent["state"]}, changed)
        return self.browser.get(f"/accounts/oidc/{self.provider_id}/login/callback/?{urlencode(answer)}")

    def sign_in(self, query: str = "", **changed: Any) -> Any:
        """Go to the provider and come back."""
        self.leave(query)
        return self.come_back(**changed)

    @staticmethod
    def goes_on_to(page: Any) -> str:
        """Return where a page goes on to by itself: ours does that where redirects would have to be allowed."""
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
        assert found, page.content.decode()
        return html.unescape(found[1])

    @property
    def is_signed_in(self) -> bool:
        return self.browser.get("/accounts/").status_code == 200

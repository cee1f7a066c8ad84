"""Clients whom the tests know, and what an application does by itself: PKCE, the redirects, the token request."""

import base64
import hashlib
import html
import re
import secrets
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from oauth.models import Client
from oauth.services.digests import secret_digest_of
from oauth.vocabulary import AuthMethod
from tests.people import PASSWORD

SECRET: Final = "a client secret that only the tests know, long enough"
CALLBACK: Final = "https://app.example/callback"


def make_client(client_id: str = "app", *, public: bool = False, **named: Any) -> Client:
    """Make a client with SECRET, or a public one; it may do all that its kind may."""
    grants = "authorization_code refresh_token" + ("" if public else " client_credentials")
    defaults: dict[str, Any] = {
        "name": "The App",
        "client_type": "public" if public else "confidential",
        "client_secret": "" if public else secret_digest_of(SECRET),
        "token_endpoint_auth_method": AuthMethod.NONE if public else AuthMethod.ANY_SECRET,
        "redirect_uris": CALLBACK,
        "grant_types": grants,
        "scopes": "openid profile email address phone roles offline_access read",
    }
    return Client.objects.create(client_id=client_id, **(defaults | named))


@pytest.fixture
def app(db: None) -> Client:
    """A confidential application."""
    return make_client()


@pytest.fixture
def spa(db: None) -> Client:
    """A public application in the browser."""
    return make_client("spa", public=True, redirect_uris="https://spa.example/callback")


class Application:
    """A client's program and the browser that its person uses, over HTTP alone."""

    def __init__(self, client: Client, secret: str = SECRET) -> None:
        self.client, self.secret = client, secret
        self.browser = Browser()
        self.verifier = secrets.token_urlsafe(48)
        self.redirect_uri = client.redirect_uris.split()[0] if client.redirect_uris else ""

    @property
    def is_public(self) -> bool:
        return self.client.client_type == "public"

    def sign_in(self, username: str = "alice", password: str = PASSWORD) -> None:
        """Sign the person in on the page."""
        answer = self.browser.post("/accounts/login/", {"login": username, "password": password})
        assert answer.status_code == 302

    def parameters(self, **changed: Any) -> dict[str, str]:
        """Return an authorization request; None takes a parameter away."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        request = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile",
            "state": "the state",
            "nonce": "the nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | changed
        return {name: value for name, value in request.items() if value is not None}

    def authorize(self, **changed: Any) -> Any:
        """Send the browser to the authorization endpoint."""
        return self.browser.get(f"/oauth/authorize?{urlencode(self.parameters(**changed), doseq=True)}")

    def decide(self, decision: str = "allow", **changed: Any) -> Any:
        """Send the consent form."""
        query = urlencode(self.parameters(**changed), doseq=True)
        return self.browser.post(f"/oauth/authorize?{query}", {"decision": decision})

    def code(self, **changed: Any) -> str:
        """Get a code, allowing on the way."""
        answer = self.authorize(**changed)
        if answer.status_code == 200:
            answer = self.decide(**changed)
        return answer_of(answer)["code"]

    def token(self, **form: Any) -> Any:
        """Send a token request as this client."""
        credentials = {"client_id": self.client.client_id} if self.is_public else {}
        headers = {} if self.is_public else {"authorization": basic(self.client.client_id, self.secret)}
        return post_form("/oauth/token", credentials | form, **headers)

    def exchange(self, code: str, **changed: Any) -> Any:
        """Exchange a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        form |= {"code_verifier": self.verifier} | changed
        return self.token(**{name: value for name, value in form.items() if value is not None})

    def tokens(self, **changed: Any) -> dict[str, Any]:
        """Go the whole way and return the token response."""
        answer = self.exchange(self.code(**changed))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refresh(self, refresh_token: str, **more: Any) -> Any:
        """Refresh."""
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **more)


def answer_of(response: Any) -> dict[str, str]:
    """Return the parameters of a redirect to a client."""
    assert response.status_code == 303, html.unescape(re.sub(r"<[^>]+>|\s+", " ", response.content.decode()))
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def basic(client_id: str, secret: str) -> str:
    """Return the credentials of client_secret_basic."""
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def post_form(path: str, form: dict[str, Any], **headers: str) -> Any:
    """Post a form as a program does, without cookies."""
    encoded = urlencode(form, doseq=True)
    return Browser().post(path, encoded, content_type="application/x-www-form-urlencoded", headers=headers)

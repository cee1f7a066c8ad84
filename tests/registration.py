"""A client that registers itself and manages its registration, over HTTP alone."""

import json
from typing import Any, Final

from django.test import Client as Browser

from oauth.services import initial_access_tokens

RIGHT: Final = "<the right one>"  # of the tokens that a request may show
CALLBACK: Final = "https://new.example/callback"
NEWCOMER: Final[dict[str, Any]] = {"redirect_uris": [CALLBACK]}


def leave(uses: int = 1) -> str:
    """Return an initial access token."""
    return initial_access_tokens.issue(uses=uses, lifetime=None)[1]


def bearer(token: str | None) -> dict[str, str]:
    """Return the header that shows a token, or none."""
    return {} if token is None else {"authorization": f"Bearer {token}"}


def send(method: str, path: str, body: Any = None, token: str | None = None, **headers: str) -> Any:
    """Send JSON, or bytes as they are."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    named = bearer(token) | headers
    return Browser().generic(method, path, raw, content_type="application/json", headers=named)


def register(metadata: Any = None, token: str | None = RIGHT, **members: Any) -> Any:
    """Send a registration request, by a new initial access token unless told otherwise."""
    said = metadata if metadata is not None else NEWCOMER | members
    return send("POST", "/oauth/register", said, leave() if token == RIGHT else token)


def registered(**members: Any) -> dict[str, Any]:
    """Register a client and return what it is told."""
    answer = register(**members)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def manage(told: dict[str, Any], method: str = "GET", body: Any = None, token: str | None = RIGHT) -> Any:
    """Send a request to the registration of a client, by its own token unless told otherwise."""
    path = told["registration_client_uri"].removeprefix("http://testserver")
    return send(method, path, body, told["registration_access_token"] if token == RIGHT else token)


def said(told: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return what the client sends to stay what it is (RFC 7592 section 2.2); None takes a member away."""
    ours = {"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}
    members = {name: value for name, value in told.items() if name not in ours} | changed
    return {name: value for name, value in members.items() if value is not None}

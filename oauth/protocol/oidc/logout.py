"""OpenID Connect RP-Initiated Logout 1.0: who may be signed out without being asked, and where they go then."""

import uuid
from dataclasses import dataclass
from typing import Any

from oauth.protocol.oidc import id_token
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is signed in to the browser, and by which session."""

    user_id: uuid.UUID
    session_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """What a logout request comes to. `redirect_uri` is empty where the person stays on our page."""

    must_ask: bool
    client_name: str = ""
    redirect_uri: str = ""
    state: str | None = None


def decided(parameters: Parameters, *, find_client: FindClient, signed_in: SignedIn | None) -> Logout:
    """Decide on a logout request (sections 2 and 3).

    A genuine id token of this very browser's session, expired or not, is enough; else the person is asked. One goes
    back to a client only if the hint or the client_id names it and the URI is registered, exactly. A logout_hint
    changes nothing: nobody is chosen here, there is one person in a browser.
    """
    hint = id_token.read_hint(parameters.get("id_token_hint")) if parameters.get("id_token_hint") else None
    forged = bool(parameters.get("id_token_hint")) and hint is None
    client = None if forged or parameters.repeated else _client(parameters, hint, find_client)
    return Logout(
        must_ask=signed_in is not None and not _is_of_this_session(hint, client, signed_in),
        client_name=client.shown_name if client else "",
        redirect_uri=_redirect_uri(parameters, client),
        state=parameters.values.get("state"),
    )


def _is_of_this_session(hint: dict[str, Any] | None, client: RegisteredClient | None, signed_in: SignedIn) -> bool:
    """Tell whether a hint speaks of the person and the session as its client was told of them: pairwise names too."""
    if hint is None or client is None:
        return False
    told = subjects.told_before(client, user_id=signed_in.user_id, session_id=signed_in.session_id)
    return told is not None and (hint["sub"], hint.get("sid")) == (told.subject, told.session_id)


def _client(
    parameters: Parameters,
    hint: dict[str, Any] | None,
    find_client: FindClient,
) -> RegisteredClient | None:
    """Return the client that the request names; a client_id beside another's id token names none (section 2)."""
    named = parameters.get("client_id")
    if hint is not None and named not in {"", hint["aud"]}:
        return None
    return find_client(hint["aud"] if hint is not None else named)


def _redirect_uri(parameters: Parameters, client: RegisteredClient | None) -> str:
    asked = parameters.get("post_logout_redirect_uri")
    return asked if client is not None and asked in client.post_logout_redirect_uris else ""

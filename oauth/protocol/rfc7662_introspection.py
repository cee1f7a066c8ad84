"""RFC 7662: what a token says, told to clients that may know; anything else is `{"active": false}` and nothing more."""

from datetime import datetime
from typing import Any, Final

from oauth.errors import AccessDenied
from oauth.registered_client import RegisteredClient
from oauth.services import access_tokens, people, refresh_tokens, scopes, subjects
from oauth.vocabulary import Introspects
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys.ring import InvalidToken
from trust.lib.waiting import aside
from trust.revocation.feed import feed
from trust.tokens import access_token, refresh_token
from trust.tokens.access_token import AccessToken

INACTIVE: Final[dict[str, Any]] = {"active": False}


async def introspected(value: str, *, client: RegisteredClient, issuer: str, now: datetime) -> dict[str, Any]:
    """Return the members of the answer (section 2.2). Raises AccessDenied for a client that may not at all."""
    if client.is_public or client.introspects is Introspects.NONE:
        finding = Finding(found=Found.INTROSPECTION_NOT_ALLOWED)
        raise AccessDenied("The client may not introspect tokens.", finding=finding)
    try:
        token = access_tokens.read_issued(value, now=now)
    except InvalidToken:
        return _refresh_token(value, client=client, now=now)
    if not await _may_know(client, token, issuer=issuer) or feed.is_revoked(token):
        return INACTIVE
    person = await people.active(token.person_id) if token.person_id else None
    if token.is_person and person is None:
        return INACTIVE
    named = {"username": person.username} if person and not token.user_id else {}  # a pairwise name stands alone
    return {"active": True, "iss": issuer, **named, **members_of(token)}


async def _may_know(client: RegisteredClient, token: AccessToken, *, issuer: str) -> bool:
    """Tell whether a client may know of a token: of any, of its own, or of those for its resource (RFC 8707)."""
    if client.introspects is Introspects.ALL or token.client_id == client.client_id:
        return True
    if token.audience == issuer:
        return False
    resource = (await aside(scopes.catalogue)).resource(token.audience)
    return resource is not None and resource.client_id == client.client_id


def members_of(token: AccessToken) -> dict[str, Any]:
    """Return what a token says as members of the answer (section 2.2)."""
    members = {
        "sub": token.subject,
        "aud": token.audience,
        "client_id": token.client_id,
        "scope": " ".join(token.scope),
        "token_type": "DPoP" if token.cnf else "Bearer",
        "jti": token.jti,
        "iat": _seconds(access_token.issued_at(token.jti) if token.is_personal else token.issued_at),
        "exp": _seconds(token.expires_at),
        "auth_time": _seconds(token.auth_time),
        "acr": token.acr,
        "amr": list(token.amr),
        "sid": token.sid,
        "roles": list(token.roles),
        "cnf": token.cnf,
        "act": token.act,
        "authorization_details": list(token.authorization_details),
    }
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _refresh_token(value: str, *, client: RegisteredClient, now: datetime) -> dict[str, Any]:
    """Answer for the current refresh token of the asking client itself."""
    try:
        counter = refresh_token.unseal(value, now=now)
    except InvalidToken:
        return INACTIVE
    live = refresh_tokens.live(counter, client_pk=client.pk)
    if live is None:
        return INACTIVE
    return {
        "active": True,
        "sub": subjects.subject_of(client, user_id=live.user_id),
        "client_id": client.client_id,
        "scope": live.scope,
        "exp": counter.expires_at,
    }


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())

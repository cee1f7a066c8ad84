"""What a client is told of a person, before anybody signs in: the very claims of tokens and userinfo, unsigned."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.vocabulary import Acr
from oauth.grant import Grant
from oauth.protocol import rfc7662_introspection
from oauth.protocol.oidc import id_token, userinfo
from oauth.protocol.rfc9068_access_token import access_token_of
from oauth.registered_client import RegisteredClient
from oauth.services import people, subjects
from oauth.services.subjects import Told
from oauth.vocabulary import OPENID, ROLES, AccessTokenFormat
from trust.lib.waiting import at_once
from trust.tokens import access_token
from trust.tokens.access_token import AccessToken

UNKNOWN: Final = "…"  # in the place of what only a sign-in makes
_OF_THE_SIGN_IN: Final = frozenset(
    {"iat", "exp", "auth_time", "acr", "amr", "sid", "at_hash", "jti", "grant", "own"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The claims of each; id token and userinfo are none without the scope `openid`.

    `is_opaque`: the access token says nothing by itself, and introspection says this of it. `subject_is_known`: the
    client has a name for the person.
    """

    access_token: Mapping[str, Any]
    is_opaque: bool = False
    id_token: Mapping[str, Any] | None = None
    userinfo: Mapping[str, Any] | None = None
    subject_is_known: bool = True


def preview(
    client: RegisteredClient, *, user_id: uuid.UUID, scope: tuple[str, ...], issuer: str, now: datetime
) -> Preview:
    """Return what the client would be told of an active person with these scopes. Issues nothing, writes nothing."""
    subject = subjects.known_subject_of(client, user_id=user_id)
    told = Told(subject or UNKNOWN, UNKNOWN)
    grant = _grant(user_id, scope, now)
    token = access_token_of(client, grant, told, issuer=issuer)._replace(told_session_id=UNKNOWN)
    about_person = OPENID in scope
    return Preview(
        access_token=_said(token, client, now=now),
        is_opaque=client.access_token_format is AccessTokenFormat.OPAQUE,
        id_token=_id_token(client, grant, told, issuer=issuer, now=now) if about_person else None,
        userinfo=_userinfo(token._replace(user_id=str(user_id)), client, issuer=issuer) if about_person else None,
        subject_is_known=subject is not None,
    )


def _said(token: AccessToken, client: RegisteredClient, *, now: datetime) -> dict[str, Any]:
    lifetime = timedelta(seconds=client.access_token_lifetime)
    if client.access_token_format is AccessTokenFormat.OPAQUE:
        dated = token._replace(jti=UNKNOWN, issued_at=now, expires_at=now + lifetime)
        return {"active": True, "iss": token.audience, **_without_sign_in(rfc7662_introspection.members_of(dated))}
    return _without_sign_in(access_token.claims_of(token, jti=UNKNOWN, now=now, lifetime=lifetime))


def _id_token(client: RegisteredClient, grant: Grant, told: Told, *, issuer: str, now: datetime) -> dict[str, Any]:
    return _without_sign_in(id_token.claims_of(client, grant, told, issuer=issuer, access_token="", now=now))


def _userinfo(token: AccessToken, client: RegisteredClient, *, issuer: str) -> Mapping[str, Any]:
    answer = at_once(userinfo.claims_for(token, client))
    return userinfo.as_signed(answer, client, issuer=issuer) if client.userinfo_signed_response_alg else answer


def _without_sign_in(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: UNKNOWN if name in _OF_THE_SIGN_IN else value for name, value in claims.items()}


def _grant(user_id: uuid.UUID, scope: tuple[str, ...], now: datetime) -> Grant:
    """Return a grant as a sign-in would make it; its own facts are shown as unknown."""
    return Grant(
        grant=uuid.uuid4(),
        user_id=user_id,
        session_id=None,
        scope=scope,
        auth_time_seconds=int(now.timestamp()),
        amr=("pwd",),
        acr=Acr.AAL1,
        roles=tuple(people.roles_of(user_id)) if ROLES in scope else (),
    )

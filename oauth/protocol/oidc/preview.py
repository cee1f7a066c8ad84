"""What a client is told of a person, before anybody signs in: the very claims of id token and userinfo, unsigned."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.vocabulary import Acr
from oauth.grant import Grant
from oauth.protocol.oidc import id_token, userinfo
from oauth.registered_client import RegisteredClient
from oauth.services import subjects
from oauth.services.subjects import Told
from oauth.vocabulary import OPENID
from trust.lib.waiting import at_once
from trust.tokens.access_token import AccessToken

UNKNOWN: Final = "…"  # in the place of what only a sign-in makes
_OF_THE_SIGN_IN: Final = ("iat", "exp", "auth_time", "acr", "amr", "sid", "at_hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The claims of both; none without the scope `openid`. `subject_is_known`: the client has a name for the person."""

    id_token: Mapping[str, Any] | None = None
    userinfo: Mapping[str, Any] | None = None
    subject_is_known: bool = True


def preview(
    client: RegisteredClient, *, user_id: uuid.UUID, scope: tuple[str, ...], issuer: str, now: datetime
) -> Preview:
    """Return what the client would be told of an active person with these scopes. Issues nothing, writes nothing."""
    if OPENID not in scope:
        return Preview()
    subject = subjects.known_subject_of(client, user_id=user_id)
    told = Told(subject or UNKNOWN, UNKNOWN)
    grant = _grant(user_id, scope, now)
    claims = id_token.claims_of(client, grant, told, issuer=issuer, access_token="", now=now)
    token = AccessToken(
        subject=told.subject,
        user_id=str(user_id),
        client_id=client.client_id,
        scope=scope,
        grant=str(grant.grant),
        audience=issuer,
    )
    answer = at_once(userinfo.claims_for(token, client))
    is_signed = bool(client.userinfo_signed_response_alg)
    return Preview(
        id_token=claims | {name: UNKNOWN for name in _OF_THE_SIGN_IN if name in claims},
        userinfo=userinfo.as_signed(answer, client, issuer=issuer) if is_signed else answer,
        subject_is_known=subject is not None,
    )


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
    )

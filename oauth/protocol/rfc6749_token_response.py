"""RFC 6749 section 5.1: the answer that carries tokens, the same for every grant type."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from oauth.grant import Grant
from oauth.protocol import rfc8707_target
from oauth.protocol.oidc import claims, id_token
from oauth.protocol.rfc9068_access_token import OUR_OWN, Target, access_token_of, minted_for
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import RegisteredClient
from oauth.services import grants, subjects
from oauth.vocabulary import OPENID
from trust.lib.waiting import aside
from trust.tokens import access_token, refresh_token
from trust.tokens.access_token import AccessToken
from trust.tokens.refresh_token import RefreshToken


class TokenResponse(NamedTuple):
    """A token response; `expires_in` in seconds. `scope` is the access token's.

    `authorization_details` are those that the token has (RFC 9396 section 7), `issued_token_type` says what an exchange
    gave (RFC 8693 section 2.2.1).
    """

    access_token: str
    expires_in: int
    scope: tuple[str, ...]
    refresh_token: str = ""
    id_token: str = ""
    token_type: str = "Bearer"
    authorization_details: tuple[Mapping[str, Any], ...] = ()
    issued_token_type: str = ""
    client_id: str = ""  # of whom it is, where the request did not say

    def members(self) -> dict[str, Any]:
        """Return the members of the JSON object."""
        members: dict[str, Any] = {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "expires_in": self.expires_in,
        }
        if self.scope:
            members["scope"] = " ".join(self.scope)
        for name in ("refresh_token", "id_token", "issued_token_type"):
            if value := getattr(self, name):
                members[name] = value
        if self.authorization_details:
            members["authorization_details"] = list(self.authorization_details)
        return members

    def __repr__(self) -> str:
        """Hide the tokens."""
        return f"TokenResponse(scope={self.scope!r})"


async def for_person(
    client: RegisteredClient, grant: Grant, request: TokenRequest, *, refresh: RefreshToken | None
) -> TokenResponse:
    """Return the tokens of a person's grant; an id token where `openid` was granted. Raises InvalidTarget.

    The grant is written by now and must not be asked for again: what else has to be looked up is, aside.
    """
    return await aside(partial(_for_person, client, grant, request, refresh))


def _for_person(
    client: RegisteredClient, grant: Grant, request: TokenRequest, refresh: RefreshToken | None
) -> TokenResponse:
    issuer, now = request.issuer, request.now
    target = _target(grant, request)
    if grant.claims.names:  # of which a client may have fewer by now
        grant = grant._replace(claims=claims.allowed(grant.claims, scopes=client.scopes))
    if grant.act and grant.session_id:  # nobody acts in a person's place for longer than that sign-in
        grant = grant._replace(until=grants.end_of_sign_in(grant.session_id))
    told = subjects.told(client, user_id=grant.user_id, session_id=grant.session_id)
    token = access_token_of(client, grant, told, issuer=issuer, target=target)
    minted = minted_for(client, token, target, now, until=grant.until)
    about_person = OPENID in grant.scope
    return TokenResponse(
        access_token=minted.value,
        expires_in=minted.expires_in,
        token_type=target.token_type,
        scope=token.scope,
        authorization_details=token.authorization_details,
        refresh_token="" if refresh is None else refresh_token.seal(refresh, now=now),
        id_token=id_token.issue(client, grant, told, issuer=issuer, access_token=minted.value, now=now)
        if about_person
        else "",
    )


def _target(grant: Grant, request: TokenRequest) -> Target:
    if not request.jkt and not grant.resources and not request.parameters.get("resource"):
        return OUR_OWN
    resource = rfc8707_target.chosen(
        request.parameters, resources=grant.resources, scope=grant.scope, issuer=request.issuer
    )
    return Target(resource, request.jkt)


def for_client(
    client: RegisteredClient,
    scope: tuple[str, ...],
    *,
    issuer: str,
    now: datetime,
    target: Target = OUR_OWN,
    roles: tuple[str, ...] = (),
) -> TokenResponse:
    """Return the token of a client that acts as itself: `sub` is its `client_id` (RFC 9068 section 2.2)."""
    token = AccessToken(
        subject=client.client_id,
        client_id=client.client_id,
        scope=scope,
        grant=access_token.new_jti(now),  # a UUID as good as any
        audience=target.audience(issuer),
        roles=roles,
        cnf=target.cnf,
    )
    minted = minted_for(client, token, target, now)
    return TokenResponse(
        access_token=minted.value, expires_in=minted.expires_in, token_type=target.token_type, scope=scope
    )

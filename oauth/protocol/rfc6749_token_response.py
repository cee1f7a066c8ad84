"""RFC 6749 section 5.1: the answer that carries tokens, the same for every grant type."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from oauth.grant import Grant
from oauth.protocol.oidc import claims, id_token
from oauth.registered_client import RegisteredClient
from oauth.services import access_tokens, subjects
from oauth.services.subjects import Told
from oauth.vocabulary import OPENID, ROLES, AccessTokenFormat, SubjectType
from trust.lib import clock
from trust.lib.waiting import aside
from trust.tokens import access_token, refresh_token
from trust.tokens.access_token import AccessToken, Minted
from trust.tokens.refresh_token import RefreshToken


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenResponse:
    """A token response; `expires_in` in seconds. `scope` is what was granted."""

    access_token: str
    expires_in: int
    scope: tuple[str, ...]
    refresh_token: str = ""
    id_token: str = ""
    token_type: str = "Bearer"

    def members(self) -> dict[str, str | int]:
        """Return the members of the JSON object."""
        members: dict[str, str | int] = {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "expires_in": self.expires_in,
        }
        optional = {"scope": " ".join(self.scope), "refresh_token": self.refresh_token, "id_token": self.id_token}
        return members | {name: value for name, value in optional.items() if value}

    def __repr__(self) -> str:
        """Hide the tokens."""
        return f"TokenResponse(scope={self.scope!r})"


async def for_person(
    client: RegisteredClient, grant: Grant, *, issuer: str, refresh: RefreshToken | None, now: datetime
) -> TokenResponse:
    """Return the tokens of a person's grant; an id token where `openid` was granted.

    The grant is written by now and must not be asked for again: what else has to be looked up is, aside.
    """
    return await aside(partial(_for_person, client, grant, issuer=issuer, refresh=refresh, now=now))


def _for_person(
    client: RegisteredClient, grant: Grant, *, issuer: str, refresh: RefreshToken | None, now: datetime
) -> TokenResponse:
    if grant.claims.names:  # of which a client may have fewer by now
        grant = replace(grant, claims=claims.allowed(grant.claims, scopes=client.scopes))
    told = subjects.told(client, user_id=grant.user_id, session_id=grant.session_id)
    minted = _minted(client, access_token_of(client, grant, told, issuer=issuer), now)
    about_person = OPENID in grant.scope
    return TokenResponse(
        access_token=minted.value,
        expires_in=minted.expires_in,
        scope=grant.scope,
        refresh_token="" if refresh is None else refresh_token.seal(refresh, now=now),
        id_token=id_token.issue(client, grant, told, issuer=issuer, access_token=minted.value, now=now)
        if about_person
        else "",
    )


def access_token_of(client: RegisteredClient, grant: Grant, told: Told, *, issuer: str) -> AccessToken:
    """Return what an access token of a person's grant says (RFC 9068 section 2.2)."""
    is_pairwise = client.subject_type is SubjectType.PAIRWISE
    return AccessToken(
        subject=told.subject,
        user_id=str(grant.user_id) if is_pairwise else None,
        client_id=client.client_id,
        scope=grant.scope,
        grant=str(grant.grant),
        audience=issuer,
        session_id=None if grant.session_id is None else str(grant.session_id),
        told_session_id=told.session_id if is_pairwise else None,
        auth_time=clock.from_epoch(grant.auth_time_seconds),
        acr=grant.acr,
        amr=grant.amr,
        roles=grant.roles if ROLES in grant.scope else (),
        userinfo_claims=grant.claims.userinfo,
    )


def for_client(client: RegisteredClient, scope: tuple[str, ...], *, issuer: str, now: datetime) -> TokenResponse:
    """Return the token of a client that acts as itself: `sub` is its `client_id` (RFC 9068 section 2.2)."""
    token = AccessToken(
        subject=client.client_id,
        client_id=client.client_id,
        scope=scope,
        grant=access_token.new_jti(now),  # a UUID as good as any
        audience=issuer,
    )
    minted = _minted(client, token, now)
    return TokenResponse(access_token=minted.value, expires_in=minted.expires_in, scope=scope)


def _minted(client: RegisteredClient, token: AccessToken, now: datetime) -> Minted:
    lifetime = timedelta(seconds=client.access_token_lifetime)
    if client.access_token_format is AccessTokenFormat.OPAQUE:
        return access_tokens.issue_opaque(token, client_pk=client.pk, now=now, lifetime=lifetime)
    return access_token.mint(token, now=now, lifetime=lifetime)

"""RFC 9068: what an access token says, for which API, bound to which key, and in which form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from oauth.grant import Grant
from oauth.protocol import rfc8707_target
from oauth.registered_client import RegisteredClient
from oauth.scope_description import ResourceDescription
from oauth.services import access_tokens
from oauth.services.subjects import Told
from oauth.vocabulary import ROLES, AccessTokenFormat, SubjectType
from trust.lib import clock
from trust.tokens import access_token
from trust.tokens.access_token import AccessToken, Minted


@dataclass(frozen=True, slots=True)
class Target:
    """What an access token is for: an API, None for our own, and the key that it is bound to, by its thumbprint."""

    resource: ResourceDescription | None = None
    jkt: str = ""

    @property
    def token_type(self) -> str:
        """How the token is used (RFC 6750 section 4, RFC 9449 section 5)."""
        return "DPoP" if self.jkt else "Bearer"

    def audience(self, issuer: str) -> str:
        """Return what the token names as its audience (RFC 8707 section 2.2)."""
        return self.resource.identifier if self.resource else issuer

    @property
    def cnf(self) -> Mapping[str, str] | None:
        """The key that the token says it is bound to (RFC 9449 section 6.1)."""
        return {"jkt": self.jkt} if self.jkt else None


OUR_OWN: Final = Target()


def access_token_of(
    client: RegisteredClient, grant: Grant, told: Told, *, issuer: str, target: Target = OUR_OWN
) -> AccessToken:
    """Return what an access token of a person's grant says (RFC 9068 section 2.2)."""
    is_pairwise = client.subject_type is SubjectType.PAIRWISE
    scope = grant.scope if target.resource is None else rfc8707_target.scope_at(target.resource, grant.scope)
    return AccessToken(
        subject=told.subject,
        user_id=str(grant.user_id) if is_pairwise else None,
        client_id=client.client_id,
        scope=scope,
        grant=str(grant.grant),
        audience=target.audience(issuer),
        session_id=None if grant.session_id is None else str(grant.session_id),
        told_session_id=told.session_id if is_pairwise else None,
        auth_time=clock.from_epoch(grant.auth_time_seconds),
        acr=grant.acr,
        amr=grant.amr,
        roles=grant.roles if ROLES in scope else (),
        userinfo_claims=() if target.resource else grant.claims.userinfo,
        cnf=target.cnf,
        act={"sub": grant.act} if grant.act else None,
        authorization_details=_details(grant),
    )


def _details(grant: Grant) -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(grant.authorization_details)) if grant.authorization_details else ()


def minted_for(
    client: RegisteredClient, token: AccessToken, target: Target, now: datetime, *, until: datetime | None = None
) -> Minted:
    """Return a token in the format, and for the time, that its API wants, or else its client; until `until` at most."""
    seconds, format_ = client.access_token_lifetime, client.access_token_format
    if target.resource is not None:
        seconds = target.resource.access_token_lifetime or seconds
        format_ = target.resource.access_token_format or format_
    lifetime = timedelta(seconds=seconds)
    if until is not None:
        lifetime = min(lifetime, max(until - now, timedelta(0)))
    if format_ is AccessTokenFormat.OPAQUE:
        return access_tokens.issue_opaque(token, client_pk=client.pk, now=now, lifetime=lifetime)
    return access_token.mint(token, now=now, lifetime=lifetime)

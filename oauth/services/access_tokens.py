"""Access tokens that are looked up: opaque and personal ones by digest. The signed ones are read from themselves."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from oauth.models import AccessToken as OpaqueToken
from oauth.services import people, personal_access_tokens, service_accounts
from oauth.services.digests import new_value
from oauth.services.personal_access_token_value import is_like_one
from oauth.vocabulary import ROLES
from trust.keys.ring import InvalidToken
from trust.lib.digests import digest_of
from trust.revocation import revoke as revocation
from trust.revocation.models import Kind
from trust.tokens import access_token
from trust.tokens.access_token import AccessToken, Minted

_JWT_DOTS = 2


def issue_opaque(token: AccessToken, *, client_pk: int, now: datetime, lifetime: timedelta) -> Minted:
    """Keep a token by digest and return its value."""
    value, jti = new_value(), access_token.new_jti(now)
    OpaqueToken.objects.create(
        token_checksum=digest_of(value),
        jti=jti,
        user_id=token.person_id,
        application_id=client_pk,
        scope=" ".join(token.scope),
        grant=token.grant,
        session_id=token.session_id,
        subject=token.subject if token.user_id else "",
        told_session_id=token.told_session_id or "",
        userinfo_claims=" ".join(token.userinfo_claims),
        audience=token.audience,
        auth_time=token.auth_time,
        amr=" ".join(token.amr),
        acr=token.acr or "",
        cnf=token.cnf,
        act=token.act,
        exchanged_from=[list(one) for one in token.exchanged_from] or None,
        authorization_details=list(token.authorization_details) or None,
        expires=now + lifetime,
    )
    return Minted(value=value, jti=jti, expires_in=int(lifetime.total_seconds()))


def read(value: str, *, now: datetime) -> AccessToken:
    """Return what an access token of any form says, meant for us. Raises ExpiredToken, InvalidToken.

    Revocation is the caller's to ask: trust.revocation.feed.
    """
    return _read(value, now=now, audience=settings.ISSUER)


def read_issued(value: str, *, now: datetime) -> AccessToken:
    """Return what an access token of ours says, whatever API it is for (RFC 8707): as `read` does for our own."""
    return _read(value, now=now, audience=None)


def _read(value: str, *, now: datetime, audience: str | None) -> AccessToken:
    if value.count(".") == _JWT_DOTS:
        return access_token.verify(value, now=now, audience=audience)
    if is_like_one(value):
        return personal_access_tokens.read(value, now=now)
    row = OpaqueToken.objects.by_digest(digest_of(value)).unexpired().select_related("application").first()
    if row is None or audience not in {None, row.audience}:
        raise InvalidToken("unknown")
    return _token(row)


def revoke(token: AccessToken) -> None:
    """Revoke one access token, and nothing beside it."""
    revocation.revoke(Kind.TOKEN, token.jti)


def _token(row: OpaqueToken) -> AccessToken:
    client_id = row.application.client_id
    jti: uuid.UUID = row.jti
    person = None if row.user_id is None else str(row.user_id)
    return AccessToken(
        subject=row.subject or person or client_id,
        user_id=person if row.subject else None,
        told_session_id=row.told_session_id or None,
        client_id=client_id,
        scope=tuple(row.scope.split()),
        grant=row.grant,
        audience=row.audience,
        session_id=None if row.session_id is None else str(row.session_id),
        auth_time=row.auth_time,
        acr=row.acr or None,
        amr=tuple(row.amr.split()),
        roles=_roles(row) if ROLES in row.scope.split() else (),
        userinfo_claims=tuple(row.userinfo_claims.split()),
        cnf=row.cnf,
        act=row.act,
        exchanged_from=access_token.exchanges(row.exchanged_from),
        authorization_details=tuple(row.authorization_details or ()),
        jti=str(jti),
        issued_at=access_token.issued_at(str(jti)),
        expires_at=row.expires,
    )


def _roles(row: OpaqueToken) -> tuple[str, ...]:
    """Return the roles of today: the person's, or those of a client that acts as itself."""
    return people.roles_of(row.user_id) if row.user_id else service_accounts.roles_of(row.application_id)

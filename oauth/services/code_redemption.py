"""The redemption of a code as one statement that many share (docs/decisions/0023): used, audited, refreshable."""

import uuid
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import transaction

from accounts.models.conditions import SESSION_ALIVE_SQL
from oauth.grant import resources_in, resources_written
from oauth.models import AuthorizationCode, RefreshToken
from oauth.models.conditions import CLIENT_ADMITS_SQL, ROLES_IN_SCOPE_SQL
from oauth.vocabulary import OFFLINE_ACCESS
from trust.audit.record import INSERT_SQL, record
from trust.lib import clock
from trust.lib.origin import Origin
from trust.lib.shared_statements import SharedStatement
from trust.tokens.conf import REFRESH_TOKEN_LIFETIME


class CodeAsk(NamedTuple):
    """A code by digest, what it must be bound to, and where the asking client is, for the audit.

    `redirect_uri`, `code_challenge` and `jkt`, the thumbprint of the key that was proved, are empty where the client
    sent none. `refresh_row` is the id that a refresh token gets, if the client `refreshes`, and `refresh_jkt` the key
    that it is bound to, if to any (RFC 9449 section 5). `salt` and `personal_digest` are trust.audit.record's.
    """

    digest: str
    client_pk: int
    client_version: datetime
    client_id: str
    redirect_uri: str
    code_challenge: str
    jkt: str
    refreshes: bool
    refresh_row: uuid.UUID
    refresh_jkt: str
    salt: bytes
    personal_digest: bytes
    client_address: str
    user_agent: str


class RedeemedCode(NamedTuple):
    """What a code granted, and when the refresh token ends."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    grant: uuid.UUID
    scope: str
    nonce: str
    claims: str
    acr: str
    auth_time: datetime
    amr: str
    session_acr: str
    resource: str  # as oauth.grant.resources_written has it
    authorization_details: str
    act: str
    roles: list[str]
    refresh_ends: datetime


GRANTED: Final = RedeemedCode._fields[:-1]  # the columns of a row, or what stands beside them


@transaction.atomic
def redeem_one(ask: CodeAsk) -> RedeemedCode | None:
    """Redeem a code by the ORM, in three statements."""
    bound = AuthorizationCode.objects.by_digest(ask.digest).bound_as(
        client_pk=ask.client_pk,
        client_version=ask.client_version,
        redirect_uri=ask.redirect_uri,
        challenge=ask.code_challenge,
        jkt=ask.jkt,
    )
    return granted_for(ask, bound.with_sign_in().redeem(GRANTED))


def granted_for(ask: CodeAsk, found: tuple[Any, ...] | None) -> RedeemedCode | None:
    """Make of the columns GRANTED what a code, just used, grants: the refresh token and the event of the trail."""
    if found is None:
        return None
    columns = RedeemedCode._make([*found, clock.now() + REFRESH_TOKEN_LIFETIME])
    redeemed = columns._replace(resource=resources_written(columns.resource))  # the ORM reads a list of it
    if ask.refreshes and not redeemed.act:
        _keep_refreshing(ask, redeemed)
    record(
        "grant.issued",
        subject=redeemed.user_id,
        actor=uuid.UUID(redeemed.act) if redeemed.act else None,
        session=redeemed.session_id,
        client_id=ask.client_id,
        origin=Origin(ask.client_address, ask.user_agent),
        details={"grant": str(redeemed.grant), "scope": redeemed.scope},
    )
    return redeemed


def _keep_refreshing(ask: CodeAsk, redeemed: RedeemedCode) -> None:
    RefreshToken.objects.create(
        pk=ask.refresh_row,
        application_id=ask.client_pk,
        user_id=redeemed.user_id,
        session_id=redeemed.session_id,
        grant=redeemed.grant,
        scope=redeemed.scope,
        offline=OFFLINE_ACCESS in redeemed.scope.split(),
        auth_time=redeemed.auth_time,
        amr=redeemed.amr,
        acr=redeemed.acr or redeemed.session_acr,
        claims=redeemed.claims,
        resource=list(resources_in(redeemed.resource)),
        authorization_details=redeemed.authorization_details,
        act=redeemed.act,
        dpop_jkt=ask.refresh_jkt,
        expires_at=redeemed.refresh_ends,
    )


_MANY: Final = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::bool[], %s::uuid[], %s::text[], %s::bytea[], %s::bytea[], %s::text[], %s::text[])
        WITH ORDINALITY AS asked (digest, client_pk, client_version, client_id, redirect_uri, code_challenge,
            jkt, refreshes, refresh_row, refresh_jkt, salt, personal_digest, client_address, user_agent, place)
), held AS MATERIALIZED (
    SELECT this.id FROM oauth_authorizationcode this WHERE this.code IN (SELECT digest FROM asked)
    FOR NO KEY UPDATE SKIP LOCKED
), redeemed AS (
    UPDATE oauth_authorizationcode this SET used_at = clock_timestamp()
    FROM asked, accounts_session sign_in
    WHERE this.code = asked.digest AND this.id IN (SELECT id FROM held) AND sign_in.id = this.session_id
        AND (this.redirect_uri = asked.redirect_uri OR asked.redirect_uri = '' AND NOT this.redirect_uri_given)
        AND this.code_challenge = asked.code_challenge AND this.dpop_jkt IN ('', asked.jkt)
        AND this.used_at IS NULL AND this.expires > clock_timestamp()
        AND {SESSION_ALIVE_SQL} AND {CLIENT_ADMITS_SQL}
    RETURNING asked.*, this.user_id, this.session_id, this."grant", this.scope, this.nonce, this.claims, this.acr,
        sign_in.auth_time, sign_in.amr, sign_in.acr AS session_acr, this.resource, this.authorization_details, this.act,
        {ROLES_IN_SCOPE_SQL} AS roles,
        clock_timestamp() + interval '{REFRESH_TOKEN_LIFETIME.total_seconds()} seconds' AS refresh_ends
), refreshing AS (
    INSERT INTO oauth_refreshtoken (id, generation, created, updated, application_id, user_id, session_id, "grant",
        scope, offline, auth_time, amr, acr, claims, expires_at, resource, authorization_details, act, dpop_jkt)
    SELECT refresh_row, 1, clock_timestamp(), clock_timestamp(), client_pk, user_id, session_id, "grant",
        scope, '{OFFLINE_ACCESS}' = ANY (string_to_array(scope, ' ')), auth_time, amr,
        CASE WHEN acr = '' THEN session_acr ELSE acr END, claims, refresh_ends, resource,
        authorization_details, act, refresh_jkt
    FROM redeemed WHERE refreshes AND act = ''
), audited AS (
    {INSERT_SQL}
    SELECT clock_timestamp(), 'grant.issued', user_id, NULLIF(act, '')::uuid, session_id, client_id,
        jsonb_build_object('grant', "grant", 'scope', scope), salt, personal_digest, client_address, user_agent, ''
    FROM redeemed
)
SELECT place, user_id, session_id, "grant", scope, nonce, claims, acr, auth_time, amr, session_acr, resource::text,
    authorization_details, act, roles, refresh_ends
FROM redeemed
"""  # noqa: S608 - made of our own words alone

REDEEM_CODE: Final = SharedStatement(name="the redemption of a code", one=redeem_one, many=_MANY, answer=RedeemedCode)

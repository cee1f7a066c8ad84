"""The rotation of a client's refresh token as one statement that many share (docs/decisions/0004, 0023)."""

import uuid
from datetime import datetime
from typing import Final, NamedTuple

from accounts.models.conditions import PERSON_ACTIVE_SQL, SESSION_ALIVE_SQL
from oauth.grant import resources_written
from oauth.models.conditions import CLIENT_ADMITS_SQL, ROLES_IN_SCOPE_SQL
from oauth.models.refresh_token import RefreshToken
from trust.lib.shared_statements import SharedStatement
from trust.tokens.rotation import IS_CURRENT_SQL, MAY_ROTATE_SQL, rotated_sql


class RefreshAsk(NamedTuple):
    """Which row, what generation was presented, and the client that presents it, as it is known."""

    row_id: uuid.UUID
    presented: int
    client_pk: int
    client_version: datetime
    jkt: str  # the thumbprint of the key that was proved with it, or empty (RFC 9449 section 5)
    moves: bool  # whether the token is replaced


class RefreshedGrant(NamedTuple):
    """A row whose counter was moved on, and what it grants."""

    generation: int
    user_id: uuid.UUID
    session_id: uuid.UUID | None
    session_alive: bool
    grant: uuid.UUID
    scope: str
    auth_time: datetime
    amr: str
    acr: str
    claims: str
    resource: str  # as oauth.grant.resources_written has it
    authorization_details: str
    act: str
    roles: list[str]


def _one(ask: RefreshAsk) -> RefreshedGrant | None:
    rows = RefreshToken.objects.of_client_as_known(ask.client_pk, ask.client_version).bound_to(ask.jkt)
    told = rows.with_session_alive().with_roles()
    found = told.rotate(ask.row_id, presented=ask.presented, columns=RefreshedGrant._fields, moves=ask.moves)
    if found is None:
        return None
    columns = RefreshedGrant(*found)
    return columns._replace(resource=resources_written(columns.resource))  # the ORM reads a list of it


_MANY: Final = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::bigint[], %s::timestamptz[], %s::text[], %s::bool[])
        WITH ORDINALITY AS asked (id, presented, client_pk, client_version, jkt, moves, place)
), held AS MATERIALIZED (
    SELECT this.id FROM oauth_refreshtoken this WHERE this.id IN (SELECT id FROM asked) FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE oauth_refreshtoken this SET {rotated_sql(f"{IS_CURRENT_SQL} AND asked.moves")}
FROM asked
WHERE this.id = asked.id AND this.id IN (SELECT id FROM held) AND this.revoked IS NULL
    AND {MAY_ROTATE_SQL} AND this.dpop_jkt IN ('', asked.jkt)
    AND (this.offline OR {SESSION_ALIVE_SQL}) AND {PERSON_ACTIVE_SQL} AND {CLIENT_ADMITS_SQL}
RETURNING asked.place, this.generation, this.user_id, this.session_id, {SESSION_ALIVE_SQL}, this."grant", this.scope,
    this.auth_time, this.amr, this.acr, this.claims, this.resource::text, this.authorization_details, this.act,
    {ROLES_IN_SCOPE_SQL}
"""  # noqa: S608 - made of our own words alone

ROTATE_REFRESH_TOKEN: Final = SharedStatement(
    name="the rotation of a refresh token", one=_one, many=_MANY, answer=RefreshedGrant
)

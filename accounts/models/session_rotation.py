"""The refresh of an API session as one statement that many share (docs/decisions/0004, 0023)."""

import uuid
from datetime import datetime
from typing import Final, NamedTuple, Self

from accounts.models.conditions import PERSON_ACTIVE_SQL, roles_sql
from accounts.models.session import Session
from trust.lib.clock import DatabaseNow
from trust.lib.shared_statements import SharedStatement
from trust.tokens.rotation import MAY_ROTATE_SQL, ROTATED_SQL


class SessionAsk(NamedTuple):
    """Which session, what generation was presented, and from where."""

    session_id: uuid.UUID
    presented: int
    client_address: str
    user_agent: str


class RefreshedSession(NamedTuple):
    """What the tokens of an API session say: of one whose counter was moved on, or of a new one."""

    id: uuid.UUID
    generation: int
    expires_at: datetime
    user_id: uuid.UUID
    auth_time: datetime
    amr: str
    acr: str
    roles: list[str]

    @classmethod
    def begun(cls, session: Session) -> Self:
        """Return what the first tokens of a new session say."""
        told = (session.pk, session.generation, session.expires_at, session.user_id, session.auth_time)
        return cls(*told, session.amr, session.acr, session.user.roles)


def _one(ask: SessionAsk) -> RefreshedSession | None:
    seen = {"last_seen": DatabaseNow(), "client_address": ask.client_address, "user_agent": ask.user_agent}
    told = Session.objects.with_roles()
    found = told.rotate(ask.session_id, presented=ask.presented, columns=RefreshedSession._fields, also=seen)
    return None if found is None else RefreshedSession(*found)


_MANY: Final = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[])
        WITH ORDINALITY AS asked (id, presented, client_address, user_agent, place)
), held AS MATERIALIZED (
    SELECT this.id FROM accounts_session this WHERE this.id IN (SELECT id FROM asked) FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE accounts_session this
SET {ROTATED_SQL}, last_seen = clock_timestamp(), client_address = asked.client_address, user_agent = asked.user_agent
FROM asked
WHERE this.id = asked.id AND this.id IN (SELECT id FROM held) AND this.ended_at IS NULL
    AND {MAY_ROTATE_SQL} AND {PERSON_ACTIVE_SQL}
RETURNING asked.place, this.id, this.generation, this.expires_at, this.user_id, this.auth_time, this.amr, this.acr,
    {roles_sql("this.user_id")}
"""  # noqa: S608 - made of our own words alone

ROTATE_SESSION: Final = SharedStatement(name="the refresh of a session", one=_one, many=_MANY, answer=RefreshedSession)

"""The beginning of an API session where nothing is new, as one statement (docs/decisions/0023).

Nothing is new where the person has the password that was proved, no factor that a password alone would leave out, and
signs in from a program that they signed in from before. Then one statement of PostgreSQL holds the person, begins the
session, notes it, and forgets the guesses that were counted. Whatever else is the case it leaves alone, and so does the
ORM: accounts.services.sign_ins says it all.
"""

import uuid
from datetime import datetime
from typing import Final, NamedTuple

from accounts.authentication import PASSWORD_ALONE
from accounts.models.conditions import roles_sql
from accounts.models.session import Session
from trust.audit.record import INSERT_SQL
from trust.lib.shared_statements import SharedStatement


class StartAsk(NamedTuple):
    """Whose session, under which password (its hash), from which device (its digest), and what is kept of it.

    `counter` is the key of the guesses to forget, empty if none were counted.
    """

    user_id: uuid.UUID
    password: str
    device: str
    counter: str
    session_id: uuid.UUID
    auth_time: datetime
    expires_at: datetime
    amr: str
    acr: str
    client_address: str
    user_agent: str
    salt: bytes
    personal_digest: bytes


_MANY: Final = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::timestamptz[],
            %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[])
        WITH ORDINALITY AS asked ({", ".join(StartAsk._fields)}, place)
), held AS MATERIALIZED (
    SELECT this.id, this.password FROM accounts_user this
    WHERE this.id IN (SELECT user_id FROM asked) AND this.is_active
    FOR NO KEY UPDATE SKIP LOCKED
), met AS (
    UPDATE accounts_knowndevice device SET last_seen = clock_timestamp()
    FROM asked JOIN held ON held.id = asked.user_id AND held.password = asked.password
    WHERE device.user_id = asked.user_id AND device.digest = asked.device
        AND NOT (asked.amr = '{PASSWORD_ALONE}'
            AND EXISTS (SELECT 1 FROM mfa_authenticator factor WHERE factor.user_id = asked.user_id))
    RETURNING asked.*
), begun AS (
    INSERT INTO accounts_session (id, generation, expires_at, user_id, kind, auth_time, amr, acr, created, last_seen,
        client_address, user_agent)
    SELECT session_id, 1, expires_at, user_id, '{Session.Kind.API}', auth_time, amr, acr, clock_timestamp(), auth_time,
        client_address, user_agent
    FROM met
), noted AS (
    {INSERT_SQL}
    SELECT clock_timestamp(), 'session.started', user_id, NULL::uuid, session_id, '',
        jsonb_build_object('kind', '{Session.Kind.API}', 'amr', amr, 'acr', acr), salt, personal_digest,
        client_address, user_agent, ''
    FROM met
), forgotten AS (
    DELETE FROM limits_guesscounter WHERE key = ANY (ARRAY(SELECT counter FROM met))
)
SELECT place, {roles_sql("met.user_id")} FROM met
"""  # noqa: S608 - made of our own words alone


class Started(NamedTuple):
    """What else the tokens say: the names of the person's roles."""

    roles: list[str]


def _one(ask: StartAsk) -> Started | None:
    return None


# None if it was not as plain as that: then nothing was written.
START_SESSION: Final = SharedStatement(name="the beginning of a session", one=_one, many=_MANY, answer=Started)

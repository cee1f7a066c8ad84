"""Recording an event: one insert, in the transaction that it describes."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from trust.audit.acting import who_acts
from trust.audit.models import AuditEvent
from trust.lib.clock import DatabaseNow
from trust.lib.origin import Origin

# How a statement that many requests share inserts events: a SELECT of these columns follows. `salted` has the digests.
INSERT_SQL: Final = """INSERT INTO audit_auditevent (at, action, subject, actor, session, client_id, details,
        salt, personal_digest, client_address, user_agent, identifier)"""
_SALT_BYTES: Final = 16
_IDENTIFIER_LENGTH: Final = 254


def record(
    action: str,
    *,
    subject: uuid.UUID | None = None,
    actor: uuid.UUID | None = None,
    session: uuid.UUID | None = None,
    client_id: str = "",
    origin: Origin = Origin(),
    identifier: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Insert one event.

    `action` is "noun.verb" in the past tense, such as "session.started". `subject` is the person whose account it
    concerns, `actor` who did it if that is somebody else: who acts in the person's name (trust/audit/acting.py), where
    nobody is named. `identifier` is a name or address that was typed in.
    No secret, code or token is ever given to it.
    """
    identifier = identifier[:_IDENTIFIER_LENGTH]  # what a stranger types in has any length
    salt, digest = salted(origin, identifier)
    _insert(
        {
            "action": action,
            "subject": subject,
            "actor": actor or who_acts(),
            "session": session,
            "client_id": client_id,
            "details": dict(details or {}),
            "salt": salt,
            "personal_digest": digest,
            "client_address": origin.client_address,
            "user_agent": origin.user_agent,
            "identifier": identifier,
        }
    )


def _insert(columns: Mapping[str, Any]) -> None:
    """Insert a row as the ORM would, by a statement that it is not asked to make anew each time."""
    fields = {field.name: field for field in AuditEvent._meta.concrete_fields}
    values = [fields[name].get_db_prep_save(value, connection) for name, value in columns.items()]
    statement, now = _statement(connection.vendor, tuple(columns))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*now, *values])


@lru_cache(4)
def _statement(vendor: str, columns: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement for this kind of database, and its parameters before the values of the columns."""
    compiler = AuditEvent.objects.all().query.get_compiler(connection=connection)
    now, parameters = compiler.compile(DatabaseNow())
    names, places = ", ".join(("at", *columns)), ", ".join((now, *["%s"] * len(columns)))
    return f"INSERT INTO {AuditEvent._meta.db_table} ({names}) VALUES ({places})", tuple(parameters)  # noqa: S608


def salted(origin: Origin, identifier: str = "") -> tuple[bytes, bytes]:
    """Return a new salt, and the digest of an event's personal fields under it."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return salt, personal_digest(salt, origin.client_address, origin.user_agent, identifier)


def personal_digest(salt: bytes, client_address: str, user_agent: str, identifier: str) -> bytes:
    """Return H(salt, personal fields), which the chain covers, so that the fields can be erased later."""
    fields = json.dumps([client_address, user_agent, identifier], ensure_ascii=False)
    return hashlib.sha256(salt + fields.encode()).digest()

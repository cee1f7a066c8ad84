"""A lock between processes for rare work that must be done once, such as rotating the keys."""

import zlib

from django.db import connection


def hold_until_commit(name: str) -> None:
    """Wait for the lock `name` and hold it until the transaction ends.

    PostgreSQL has advisory locks; on SQLite a transaction is IMMEDIATE, so that writers are one at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])

"""A database that cannot be reached, for as long as a test wants it."""

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def broken_database() -> Generator[None]:
    """Point this thread's connection to where no database is. Only outside of a transaction."""
    assert not connection.in_atomic_block
    connection.close()
    whole = dict(connection.settings_dict)
    connection.settings_dict.update(NAME="/nowhere/at/all", HOST="127.0.0.1", PORT="1")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(whole)

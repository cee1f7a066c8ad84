"""Statements that PostgreSQL plans for the very values that are asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def fresh_plans() -> Iterator[None]:
    """Have nothing prepared meanwhile: a plan for any value knows not whether a search finds nobody or everybody.

    What the house asks often is prepared after a few times (authproject/database.py), and PostgreSQL may then keep one
    plan for all values. To walk a million rows in their order is right for what most of them match, and wrong else.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    kept, connection.connection.prepare_threshold = connection.connection.prepare_threshold, None
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.prepare_threshold = kept

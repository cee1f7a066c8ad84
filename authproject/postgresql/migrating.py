"""What migrations may take on PostgreSQL: longer than a request, but no lock for long."""

from typing import Any, Final

from django.db import connections

_LOCK_TIMEOUT: Final = "5s"  # requests wait behind a lock that waits


def lift_statement_timeout(using: str, **signal: Any) -> None:
    """Let migrations on PostgreSQL run longer than the statement timeout of requests."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [_LOCK_TIMEOUT])

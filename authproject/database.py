"""How the two engines are driven: SQLite for one machine, PostgreSQL for the rest."""

from typing import Any, Final

# A request's statements, and its waiting inside a transaction, end after this. The revocation feed's overlap rests
# on it: trust/revocation/conf.py.
STATEMENT_TIMEOUT_SECONDS: Final = 5
_CONNECT_TIMEOUT_SECONDS: Final = 3
_LOCK_TIMEOUT_SECONDS: Final = 20


def prepared(parsed: dict[str, Any], *, test_file: str, conn_max_age: int) -> dict[str, Any]:
    """Return the settings of a database whose address was parsed, with what its engine needs."""
    if parsed["ENGINE"] == "django.db.backends.sqlite3":
        return parsed | {"OPTIONS": _sqlite(), "TEST": {"NAME": test_file}}
    return parsed | {"CONN_MAX_AGE": conn_max_age, "CONN_HEALTH_CHECKS": True, "OPTIONS": _postgresql()}


def _sqlite() -> dict[str, Any]:
    """Writers one at a time, from the first statement of a transaction; readers never wait for them."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": _LOCK_TIMEOUT_SECONDS,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }


def _postgresql() -> dict[str, Any]:
    milliseconds = STATEMENT_TIMEOUT_SECONDS * 1000
    timeouts = {"statement_timeout": milliseconds, "idle_in_transaction_session_timeout": milliseconds}
    return {
        "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
        "options": " ".join(f"-c {name}={value}" for name, value in timeouts.items()),
    }

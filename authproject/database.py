"""How the two engines are driven: SQLite for one machine, PostgreSQL for the rest.

On PostgreSQL each thread keeps a connection of its own, and no pool stands between. A pool smaller than the threads
would be emptied by those who wait for a password hash, and everybody else would wait with them; one as large saves no
connection and costs each request its way there and back. Statements are prepared by the server once they have been
asked five times on a connection.

The address may name several servers of which one takes writes: whichever does is the database, and after a failover the
next connection finds it (docs/two-nodes.md).
"""

from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

_SQLITE: Final = "django.db.backends.sqlite3"
_POSTGRESQL: Final = "authproject.postgresql"
# A request's statements, and its waiting inside a transaction, end after this. The revocation feed's overlap rests
# on it: trust/revocation/conf.py.
STATEMENT_TIMEOUT_SECONDS: Final = 5
_CONNECT_TIMEOUT_SECONDS: Final = 3
_LOCK_TIMEOUT_SECONDS: Final = 20
# A server that is gone without a word is noticed: while idle by three unanswered probes, while told something by the
# lack of a receipt.
_IDLE_SECONDS_BEFORE_PROBES: Final = 15
_SECONDS_BETWEEN_PROBES: Final = 5
_PROBES: Final = 3
_RECEIPT_TIMEOUT_SECONDS: Final = 10
_PREPARED_AFTER: Final = 5  # times that a connection is asked the same


def prepared(parsed: dict[str, Any], *, test_file: str, conn_max_age: int) -> dict[str, Any]:
    """Return the settings of a database whose address was parsed, with what its engine needs.

    Options of the address itself, such as `?sslmode=verify-full`, come before ours.
    """
    given = parsed.get("OPTIONS", {})
    if parsed["ENGINE"] == _SQLITE:
        return parsed | {"OPTIONS": _sqlite() | given, "TEST": {"NAME": test_file}}
    kept = {"CONN_MAX_AGE": conn_max_age, "CONN_HEALTH_CHECKS": True}
    return kept | parsed | _servers(parsed) | {"ENGINE": _POSTGRESQL, "OPTIONS": _postgresql() | given}


def _servers(parsed: dict[str, Any]) -> dict[str, str]:
    """Return the hosts and ports of an address, one or several, as libpq takes them.

    It takes a single port for that of all hosts, and so would misread `one:6432,two`.
    """
    hosts = [host.strip("[]") for host in str(parsed.get("HOST", "")).split(",")]
    ports = [port for port in str(parsed.get("PORT", "")).split(",") if port]
    if len(hosts) > 1 and len(ports) not in {0, len(hosts)}:
        raise ImproperlyConfigured("DATABASE_URL: give each of several hosts its port, or none of them.")
    return {"HOST": ",".join(hosts), "PORT": ",".join(ports)}


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
        # Of several servers, the one that takes writes; never a standby, to which an address may lead after a failover.
        "target_session_attrs": "read-write",
        "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
        "options": " ".join(f"-c {name}={value}" for name, value in timeouts.items()),
        "keepalives_idle": _IDLE_SECONDS_BEFORE_PROBES,
        "keepalives_interval": _SECONDS_BETWEEN_PROBES,
        "keepalives_count": _PROBES,
        "tcp_user_timeout": _RECEIPT_TIMEOUT_SECONDS * 1000,
        # Only what the server binds can it prepare.
        "server_side_binding": True,
        "prepare_threshold": _PREPARED_AFTER,
    }

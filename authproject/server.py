"""The command lines of the processes that serve: granian with its workers, and the worker of the job queue."""

import sys
from typing import Final

from django.conf import settings
from django.db import connection

from trust.lib import processors

# granian's interface to us: "wsgi" for threads alone, "rsgi" for a loop with threads behind it.
_INTERFACE: Final[str] = "rsgi"
# Seconds for requests under way to end once all is asked to stop. Less than the supervisor's patience.
STOP_PATIENCE_SECONDS: Final = 20
# Connections that wait to be taken, of which the system's own limit may make fewer.
_BACKLOG: Final = 2048
# Connections that a worker holds at once, those that a proxy keeps open too. The rest wait to be taken.
_CONNECTIONS: Final = 512
# Of a socket's file: for the proxy's group, and nobody else.
_SOCKET_PERMISSIONS: Final = "0660"
_JOB_INTERVAL_SECONDS: Final = 0.5  # how long a mail may wait for its worker


def workers_here() -> int:
    """Return how many workers suit this machine: one for each processor, and one for all that is on SQLite."""
    alone = settings.DEBUG or connection.vendor == "sqlite"
    return settings.WORKERS or (1 if alone else processors.usable())


def server_command(*, listening: list[str], workers: int, threads: int) -> list[str]:
    """Return the command line of the server. In "rsgi" the application takes THREADS from the environment."""
    pool = ["--blocking-threads", str(threads)] if _INTERFACE == "wsgi" else []
    return [
        *(sys.executable, "-m", "granian", f"authproject.{_INTERFACE}:application", "--interface", _INTERFACE),
        *("--loop", "uvloop"),
        *("--workers", str(workers), *pool, *listening),
        *("--backlog", str(_BACKLOG), "--backpressure", str(_CONNECTIONS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(STOP_PATIENCE_SECONDS)),
        # A connection of HTTP/2 would hold hundreds of requests at once, which no bound here counts.
        *("--http", "1", "--no-ws"),
        # Not its warnings: it takes threads that wait for the database for threads that compute.
        *("--working-dir", str(settings.BASE_DIR), "--log-level", "error"),
    ]


def listening_on(*, host: str, port: int) -> list[str]:
    """Return how the server is told to listen on a port."""
    return ["--host", host, "--port", str(port)]


def listening_on_socket(path: str) -> list[str]:
    """Return how the server is told to listen on a socket of the file system."""
    return ["--uds", path, "--uds-permissions", _SOCKET_PERMISSIONS]


def job_worker_command() -> list[str]:
    """Return the command line of the worker of all queues. Each job is one transaction of its own."""
    return [
        *(sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "*"),
        *("--interval", str(_JOB_INTERVAL_SECONDS), "--no-startup-delay", "--no-reload"),
    ]

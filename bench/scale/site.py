"""The sites that are compared: one database of each size beside that of DATABASE_URL, and one server on each."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench import processes
from bench.http import Request

_READY: Request = Request("GET", "/health/ready")
_READY_WITHIN = 60.0  # seconds


def database_of(suffix: str) -> str:
    """Return the URL of the database of this suffix, which is made where there is none."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path=f"{parts.path}_{suffix}"))
    if parts.scheme != "sqlite":
        _make(urlunsplit(parts._replace(path="/postgres", query="")), f"{parts.path}_{suffix}".removeprefix("/"))
    return url


def _make(administration: str, name: str) -> None:
    with psycopg.connect(administration, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def environment_of(url: str) -> Mapping[str, str]:
    """Return what differs from the environment that the bench was started with."""
    return {"DATABASE_URL": url, "DEBUG": "0", "TRUSTED_PROXY_COUNT": "1", "STATIC_COLLECTED": "0"}


def scale(command: str, *arguments: str, url: str) -> str:
    """Run a command of this package on a database, and return what it printed."""
    return processes.run([sys.executable, "-m", "bench.scale", command, *arguments], environment=environment_of(url))


@contextmanager
def served(url: str, *, interface: str) -> Iterator[int]:
    """Serve a database by one process, and yield the port."""
    port = processes.free_port()
    command = [
        *(sys.executable, "-m", "granian", f"authproject.{interface}:application", "--interface", interface),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--http", "1", "--no-ws"),
        *("--blocking-threads", "8") * (interface == "wsgi"),
        *("--log-level", "error"),
    ]
    log = Path(tempfile.gettempdir()) / f"bench-scale-{port}.log"
    process = processes.start(command, environment=environment_of(url), log=log)
    try:
        processes.wait_until_it_answers(process, f"http://127.0.0.1:{port}", _READY, within=_READY_WITHIN)
        yield port
    finally:
        processes.stop(process)

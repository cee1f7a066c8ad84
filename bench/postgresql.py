"""A PostgreSQL cluster of the bench's own, durable: fsync and synchronous_commit are on, for everybody."""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

import psycopg

from bench.places import postgresql_programs, program
from bench.processes import Failed, free_port, run

DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Room for all systems at once, and no checkpoint in the midst of a round.
_SIZES: Final = {
    "shared_buffers": "512MB",
    "max_connections": "300",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}
_HELD_FOR_STATISTICS: Final = 10.5  # seconds until every connection that is idle has told what it did


class Cluster:
    """One cluster; each system has a database in it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        # Not in the tree, which its user may not reach, nor in /tmp, which may be memory.
        self._folder = Path(tempfile.mkdtemp(prefix="authproject-bench-", dir="/var/tmp"))
        self._port = free_port()

    def start(self) -> None:
        """Make the cluster and start it."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run(
            *("initdb", "--pgdata", str(self._folder / "data"), "--auth", "trust", "--username", "postgres"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
        )
        settings = " ".join(f"-c {name}={value}" for name, value in (DURABLE | _SIZES).items())
        self._run(
            *("pg_ctl", "start", "--wait", "--silent", "--pgdata", str(self._folder / "data")),
            *(
                "--log",
                str(self._folder / "log"),
                "--options",
                f"-h 127.0.0.1 -p {self._port} -k {self._folder} {settings}",
            ),
        )

    def stop(self) -> None:
        """Stop it, keep its log and delete the rest."""
        if (self._folder / "data/postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--mode", "immediate", "--silent", "--pgdata", str(self._folder / "data"))
        if (self._folder / "log").exists():
            shutil.copyfile(self._folder / "log", self._log)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The process that all others of the cluster come from."""
        return int((self._folder / "data/postmaster.pid").read_text().splitlines()[0])

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def create(self, database: str) -> str:
        """Make a database and return its address."""
        self._tell("postgres", f'CREATE DATABASE "{database}"')
        return self.url(database)

    def settle(self) -> None:
        """Write out what earlier runs left behind, so that no run pays for another's."""
        self._tell("postgres", "CHECKPOINT")

    def log_bytes(self) -> int:
        """Return how much was written to the write-ahead log so far."""
        return int(self._ask("postgres", "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")[0])

    def writes(self, database: str) -> dict[str, int]:
        """Return the rows that a database wrote and the transactions that it committed so far."""
        time.sleep(_HELD_FOR_STATISTICS)
        names = ("xact_commit", "tup_inserted", "tup_updated", "tup_deleted")
        query = f"SELECT {', '.join(names)} FROM pg_stat_database WHERE datname = '{database}'"
        return dict(zip(names, map(int, self._ask("postgres", query)), strict=True))

    def analyze(self, database: str) -> None:
        """Tell the planner what there is."""
        self._tell(database, "VACUUM ANALYZE")

    def _tell(self, database: str, statement: str) -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _ask(self, database: str, query: str) -> tuple[int, ...]:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            row: tuple[int, ...] | None = connection.execute(query).fetchone()  # type: ignore[call-overload]
        if row is None:
            raise Failed(f"no row: {query}")
        return row

    def _run(self, name: str, *arguments: str) -> None:
        command = [str((postgresql_programs() or Path()) / name), *arguments]
        as_postgres = [str(program("runuser")), "--user", "postgres", "--"] if os.geteuid() == 0 else []
        run([*as_postgres, *command], environment={}, folder=Path("/"))

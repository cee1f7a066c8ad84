"""A PostgreSQL server and its standby: no commit is acknowledged that the standby does not have on its disk."""

import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from deploy.cluster.machine import Failed, as_postgres, found, free_port, wait_until
from deploy.cluster.program import Program

SUPERUSER: Final = "postgres"
_SETTINGS: Final = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "300"}


class PostgreSQL:
    """One server of the pair, with its files in `folder`. Both know the same passwords."""

    def __init__(self, folder: Path, *, password: str, settings: Mapping[str, str]) -> None:
        """Nothing is made yet. `settings` come on top of ours."""
        self.port = free_port()
        self._folder, self._password = folder, password
        # Where crashes of the machine do not matter, neither does it that the first files are on the disk.
        self._hurry = ["--no-sync"] if settings.get("fsync") == "off" else []
        given = [f"{name}={value}" for name, value in {**_SETTINGS, "port": str(self.port), **settings}.items()]
        options = [word for one in given for word in ("-c", one)]
        self._environment = {"PATH": os.environ["PATH"], "PGPASSWORD": password, "LC_ALL": "C.UTF-8"}
        self._program = Program(
            [found("postgres"), "-D", str(self._data), *options],
            folder / "log",
            environment=self._environment,
            **as_postgres(),
        )

    @property
    def pid(self) -> int:
        """The process that all others of it come from; 0 while it does not run."""
        return self._program.pid

    def start_empty(self, *, role: str, role_password: str) -> None:
        """Make a cluster of databases with one role and its database, and start it."""
        self._make_folder()
        passwords = self._folder / "password"
        passwords.touch(mode=0o600)
        passwords.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(passwords, SUPERUSER, SUPERUSER)
        self._run(
            *("initdb", "--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={passwords}"),
            *("--encoding=UTF8", *self._hurry),
        )
        passwords.unlink()
        self.start()
        named = sql.Identifier(role)
        self._tell(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(named, sql.Literal(role_password)))
        self._tell(sql.SQL("CREATE DATABASE {} OWNER {}").format(named, named))

    def start_behind(self, primary: "PostgreSQL") -> None:
        """Copy a running primary and follow it; from now on it acknowledges what this one has, and nothing else."""
        self._make_folder()
        self._run(
            *("pg_basebackup", "--host=127.0.0.1", f"--port={primary.port}", f"--username={SUPERUSER}"),
            *("--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", *self._hurry),
        )
        # What the primary waits for is written among its files: the copy must not wait for it too.
        (self._data / "postgresql.auto.conf").open("a").write("synchronous_standby_names = ''\n")
        self.start()
        primary._tell(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = '*'"))
        primary._tell(sql.SQL("SELECT pg_reload_conf()"))
        wait_until("the standby does not follow", primary._is_followed)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._program.start()
        self._program.wait_until(self._answers)

    def promote(self) -> None:
        """Let the standby take writes; returns when it does."""
        self._tell(sql.SQL("SELECT pg_promote(true, 60)"))

    def kill(self) -> None:
        """Kill it as a machine dies."""
        self._program.kill()

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self._program.stop(signal.SIGINT)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _make_folder(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._folder.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self._folder, SUPERUSER, SUPERUSER)

    def _run(self, program: str, *arguments: str) -> None:
        command = [found(program), *arguments, f"--pgdata={self._data}"]
        once = Program(command, self._folder / "log", environment=self._environment, **as_postgres())
        once.start()
        once.wait_for_success()

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        try:
            return psycopg.connect(
                host="127.0.0.1",
                port=self.port,
                user=SUPERUSER,
                password=self._password,
                dbname="postgres",
                autocommit=True,
                connect_timeout=3,
            )
        except psycopg.OperationalError as away:
            raise Failed(str(away)) from away

    def _tell(self, statement: sql.SQL | sql.Composed) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def _is_followed(self) -> bool:
        with self._connected() as connection:
            row = connection.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone()
        return row is not None and row[0] == 1

    def _answers(self) -> bool:
        try:
            self._connected().close()
        except Failed:
            return False
        return True

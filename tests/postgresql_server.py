"""A PostgreSQL of a test's own, started, stopped and started again at will, with a copy of the test's database."""

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any, Final, Self

from django.db import connection

_BINARIES: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # as Debian has them
_FAST: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def is_installed() -> bool:
    """Tell whether the programs of a server are on this machine, and not a client's alone."""
    return bool(_BINARIES) and (_BINARIES[-1] / "initdb").exists()


class PostgreSQLServer:
    """One cluster on a free port of loopback. It refuses to run as root, and is then run as Debian's user for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/copy"

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "--auth", "trust", "--username", "postgres", "--no-sync", "--encoding", "UTF8")
        self._control("start", "--options", f"-h 127.0.0.1 -p {self.port} -k {self._folder} {_FAST}")
        self._copy()
        return self

    def __exit__(self, *_: Any) -> None:
        self._control("stop", "--mode", "immediate")

    def restart(self) -> None:
        """Stop it, which ends every connection at once, and return when it answers again."""
        self._control("restart", "--mode", "fast")

    def _copy(self) -> None:
        """Take over the test's database, which is as it was migrated."""
        named = connection.settings_dict
        of_test = ["-h", named["HOST"], "-p", str(named["PORT"]), "-U", named["USER"], named["NAME"]]
        here = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        password = os.environ | {"PGPASSWORD": named["PASSWORD"]}
        dump = subprocess.run(["pg_dump", "--no-owner", *of_test], env=password, check=True, capture_output=True)
        subprocess.run(["createdb", *here, "copy"], check=True)
        subprocess.run(["psql", "-q", *here, "copy"], input=dump.stdout, check=True, stdout=subprocess.DEVNULL)

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "--wait", "--silent", "--log", str(self._folder / "log"), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "--user", "postgres", "--"] if os.getuid() == 0 else []
        cluster = ["--pgdata", str(self._folder / "cluster")]
        command = [*as_user, str(_BINARIES[-1] / program), *arguments, *cluster]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

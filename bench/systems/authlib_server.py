"""Authlib's authorization server for Flask, on PostgreSQL, served by granian."""

from typing import ClassVar, Final

from bench.measurements import CORES
from bench.places import PEERS_PYTHON
from bench.processes import run
from bench.systems.peer import Peer

_APPLICATION: Final = "bench.peers.authlib_server.app"
# Of each process; more were slower, since they compute most of the time.
_THREADS: Final = 4


class AuthlibServer(Peer):
    """The models of its documentation in PostgreSQL."""

    name = "authlib"
    durability = "PostgreSQL, each write"
    variants: ClassVar = {"client_credentials": ("opaque", "jwt")}
    codes_a_second = 600

    def prepare(self) -> None:
        """Make its database, its tables and its first rows."""
        self.ground.cluster.create("authlib")
        run([str(PEERS_PYTHON), "-m", _APPLICATION], environment=self.environment())

    def command(self) -> list[str]:
        """Run granian with as many processes as there are cores."""
        return [
            *(str(PEERS_PYTHON), "-m", "granian", f"{_APPLICATION}:app", "--interface", "wsgi", "--no-ws"),
            *("--workers", str(CORES), "--blocking-threads", str(_THREADS)),
            *("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"),
        ]

    def environment(self) -> dict[str, str]:
        """Say where its rows are and what it knows."""
        url = self.ground.cluster.url("authlib").replace("postgresql://", "postgresql+psycopg://")
        return {"DATABASE_URL": url, "BENCH_WORLD": str(self.ground.world_file)}

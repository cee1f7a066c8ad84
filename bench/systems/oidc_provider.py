"""node oidc-provider: in memory in one process, since its memory is not shared; on PostgreSQL in two."""

from typing import ClassVar

from bench.measurements import CORES
from bench.places import PEERS, node
from bench.systems.base import Paths
from bench.systems.peer import Peer

_BOTH = ("opaque", "jwt")


class _OidcProvider(Peer):
    paths = Paths(token="/token", introspection="/token/introspection", userinfo="/me", jwks="/jwks")
    variants: ClassVar = {"client_credentials": _BOTH, "refresh": _BOTH, "code": _BOTH}

    def command(self) -> list[str]:
        """Run Node."""
        return [str(node()), str(PEERS / "oidc_provider.mjs")]

    def environment(self) -> dict[str, str]:
        """Say where it listens and what it knows."""
        return {"NODE_ENV": "production", "BENCH_WORLD": str(self.ground.world_file), "PORT": str(self.port)}


class InMemory(_OidcProvider):
    """Everything in the memory of one process, and lost with it."""

    name = "oidc-memory"
    durability = "none: lost on restart"
    codes_a_second = 5000


class OnPostgreSQL(_OidcProvider):
    """An adapter of ours with prepared statements."""

    name = "oidc-postgresql"
    durability = "PostgreSQL, each write"
    codes_a_second = 2500

    def environment(self) -> dict[str, str]:
        """As many processes as there are cores."""
        database = self.ground.cluster.url("oidc")
        return super().environment() | {"DATABASE_URL": database, "PROCESSES": str(CORES)}

    def prepare(self) -> None:
        """Make its database; it makes its tables."""
        self.ground.cluster.create("oidc")

"""All of it together: what is started in which order, and what one may do to it."""

import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

from deploy.cluster import site
from deploy.cluster.machine import Failed
from deploy.cluster.nginx import Nginx
from deploy.cluster.postgresql import PostgreSQL
from deploy.cluster.redis import Redis
from deploy.cluster.site import Node

_ROLE: Final = "authproject"


class Cluster:
    """Two nodes behind nginx, on a pair of PostgreSQL servers and one Redis, in an empty folder."""

    def __init__(
        self, folder: Path, *, variables: Mapping[str, str] | None = None, database: Mapping[str, str] | None = None
    ) -> None:
        """Nothing runs yet. `variables` are of the nodes' environment, `database` settings of PostgreSQL."""
        self.folder = folder
        folder.chmod(0o755)  # PostgreSQL and nginx's workers may be other users
        superuser, self._password = token_hex(16), token_hex(16)
        self.primary, self.standby = (
            PostgreSQL(folder / name, password=superuser, settings=database or {})
            for name in ("postgresql-1", "postgresql-2")
        )
        self.redis = Redis(folder)
        self.nginx = Nginx(folder / "nginx")
        self.environment = site.environment(
            issuer=self.url, database_url=self.database_url, redis_url=self.redis.url, folder=folder
        ) | dict(variables or {})
        self.nodes = [Node(name, folder, self.environment) for name in ("node-1", "node-2")]
        self.prepared = ""

    @property
    def url(self) -> str:
        """Where people come to."""
        return f"https://127.0.0.1:{self.nginx.port}"

    @property
    def database_url(self) -> str:
        """Both servers: the one that takes writes is asked, whichever it is."""
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return f"postgresql://{_ROLE}:{self._password}@{hosts}/authproject?target_session_attrs=read-write"

    def __enter__(self) -> Self:
        """Start all of it; what was started before something fails is stopped."""
        with contextlib.ExitStack() as started:
            started.callback(self.stop)
            self._start()
            started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all of it."""
        self.stop()

    def manage(self, *arguments: str, said: str = "") -> str:
        """Run a command of manage.py as a node would, and return what it prints."""
        return site.manage(self.environment, *arguments, said=said)

    def prepare(self) -> None:
        """Make tables, keys and the first administrator, and lay the static files out."""
        self.prepared = self.manage("prepare")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")

    def fail_over(self) -> None:
        """Kill the primary as a machine dies, and let the standby take its place. Raises Failed."""
        if not self.standby.pid:
            raise Failed("There is no standby: let the dead one follow first.")
        self.primary.kill()
        self.promote()

    def promote(self) -> None:
        """Let the standby take the place of a primary that is dead."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def follow_again(self) -> None:
        """Let the dead one come back as the standby, from a fresh copy. Raises Failed."""
        if self.standby.pid:
            raise Failed("The standby follows already.")
        self.standby.start_behind(self.primary)

    def stop(self) -> None:
        """Stop all of it, those first who need the others; the nodes together, for each finishes what it has begun."""
        self.nginx.stop()
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(Node.stop, self.nodes))
        self.redis.stop()
        for server in (self.standby, self.primary):
            server.stop()

    def _start(self) -> None:
        (self.folder / "mail").mkdir(mode=0o700)  # there are links in it that open accounts
        self.primary.start_empty(role=_ROLE, role_password=self._password)
        self.redis.start()
        self.prepare()
        self.standby.start_behind(self.primary)
        for node in self.nodes:
            node.begin()
        for node in self.nodes:
            node.wait_until_ready()
        self.nginx.start([node.port for node in self.nodes])

"""What all systems have in common."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from bench import processes
from bench.http import call, form, get
from bench.postgresql import Cluster
from bench.processes import Failed
from bench.redis_server import Redis
from bench.world import RESOURCE, SCOPE, World

_START_WITHIN: Final = 60.0  # seconds
_TOKEN_KEPT: Final = 240.0  # seconds; all systems' access tokens live ten minutes
CODES_WITHIN: Final = 20.0  # seconds that issuing codes may take: each lives for 60


@dataclass(frozen=True)
class Ground:
    """What systems stand on: the world that they know, the cluster and the Redis that they share, a folder."""

    world: World
    cluster: Cluster
    redis: Redis
    folder: Path

    @property
    def world_file(self) -> Path:
        """Where the peers read the world."""
        return self.folder / "world.json"


@dataclass(frozen=True)
class Paths:
    """What a system calls its endpoints."""

    token: str = "/oauth/token"
    introspection: str = "/oauth/introspect"
    userinfo: str = "/oauth/userinfo"
    jwks: str = "/oauth/jwks"
    discovery: str = "/.well-known/openid-configuration"
    login: str = "/login"
    guarded: str = "/api/me"


class System:
    """A server that runs beside the others for the whole time of the bench."""

    name: ClassVar[str]
    durability: ClassVar[str]
    paths: ClassVar[Paths] = Paths()
    # By column: the ways that it can answer. A resource makes access tokens signed ones at the peers.
    variants: ClassVar[Mapping[str, Sequence[str]]] = {}
    codes_a_second: ClassVar[float]  # a guess at its rate, until it is measured

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.port = processes.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.cold_start = 0.0  # seconds from starting to the first 200
        self.code_rate = self.codes_a_second
        self._process: subprocess.Popen[bytes] | None = None
        self._token, self._token_until = "", 0.0

    def start(self) -> None:
        """Make it ready and start it."""
        began = time.monotonic()
        self.prepare()
        started = time.monotonic()
        self._process = processes.start(self.command(), environment=self.environment(), log=self.log)
        first = get(self.paths.discovery)
        processes.wait_until_it_answers(self._process, self.url, first, within=_START_WITHIN)
        self.cold_start = time.monotonic() - started
        told = f"{self.name}: made ready in {started - began:.1f} s, first answer after {self.cold_start:.2f} s"
        print(told, file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            processes.stop(self._process)

    @property
    def pid(self) -> int:
        """The process that all others of it come from."""
        if self._process is None:
            raise Failed(f"{self.name} does not run")
        return self._process.pid

    @property
    def log(self) -> Path:
        """What it says."""
        return self.ground.folder / f"{self.name}.log"

    def prepare(self) -> None:
        """Make what must stand before it starts."""

    def command(self) -> list[str]:
        """Return the command line that starts it."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return the variables that it is started with."""
        raise NotImplementedError

    def codes(self, count: int, *, scope: str, variant: str = "") -> list[str]:
        """Return so many new authorization codes, or fewer if it takes too long."""
        raise NotImplementedError

    def login_members(self, username: str, password: str) -> dict[str, str]:
        """Return what is sent to sign in."""
        return {"username": username, "password": password}

    def app_credentials(self) -> dict[str, str]:
        """Return how the person's application authenticates."""
        return {"client_id": self.ground.world.app_id, "client_secret": self.ground.world.app_secret}

    def machine_credentials(self) -> dict[str, str]:
        """Return how the machine client authenticates."""
        return {"client_id": self.ground.world.machine_id, "client_secret": self.ground.world.machine_secret}

    def exchange_form(self) -> dict[str, str]:
        """Return the members of a code's exchange, all but the code."""
        world = self.ground.world
        return {
            "grant_type": "authorization_code",
            **self.app_credentials(),
            "redirect_uri": world.redirect_uri,
            "code_verifier": world.verifier,
        }

    def exchanged(self, code: str) -> dict[str, Any]:
        """Exchange a code and return the answer. Raises Failed."""
        answer = call(self.url, form(self.paths.token, self.exchange_form() | {"code": code}))
        if answer.status != 200:
            raise Failed(f"{self.name} refused a code: {answer.status} {answer.body[:300]!r}")
        tokens: dict[str, Any] = answer.json()
        return tokens

    def person_token(self) -> str:
        """Return a live access token of a person, of the scope that the columns have."""
        if time.monotonic() > self._token_until:
            (code,) = self.codes(1, scope=SCOPE)
            self._token = self.exchanged(code)["access_token"]
            self._token_until = time.monotonic() + _TOKEN_KEPT
        return self._token


def resource_of(variant: str) -> dict[str, str]:
    """Return the parameter that asks for signed access tokens."""
    return {"resource": RESOURCE} if variant == "jwt" else {}

"""authproject, as docs/operations.md has it in production: PostgreSQL, Redis if there is one, limits on."""

import json
import secrets
import sys
from typing import ClassVar, Final

from bench.places import ROOT
from bench.processes import run
from bench.systems.base import CODES_WITHIN, Paths, System
from bench.world import SCOPE

_SESSIONS: Final = 500  # that codes hang on, so that hardly two at once are of one


def ours_command(port: int) -> list[str]:
    """Return the command line of our server in production, listening on `port`."""
    return [
        *(sys.executable, "-m", "granian", "authproject.rsgi:application", "--interface", "rsgi", "--no-ws"),
        *("--loop", "uvloop", "--workers", "2", "--http", "1", "--backlog", "2048", "--backpressure", "512"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--working-dir", str(ROOT)),
    ]


class Ours(System):
    """The server of this repository."""

    name = "ours"
    durability = "PostgreSQL, each write"
    paths = Paths(login="/api/token/", guarded="/api/me/")
    codes_a_second = 12000
    database: ClassVar[str] = "authproject"

    def prepare(self) -> None:
        """Make the database, the clients and the people, as an administrator's script would."""
        self.ground.cluster.create(self.database)
        self._secrets = [secrets.token_hex(32) for _ in range(3)]
        self._manage("prepare")
        self._manage("collectstatic", "--no-input", "--verbosity", "0")
        self._manage("create_client", "--json", "-", given=json.dumps(self._clients()))
        self._manage("create_user", "--json", "-", given=json.dumps(self._people()))
        self._prepare("sessions", count=_SESSIONS)
        self.ground.cluster.analyze(self.database)

    def command(self) -> list[str]:
        """Run what production runs."""
        return ours_command(self.port)

    def environment(self) -> dict[str, str]:
        """Return the settings of production."""
        secret_key, sealing_key, password = self._secrets
        world = self.ground.world
        return {
            "DEBUG": "0",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WORKERS": "2",  # as `manage.py serve` says it to them
            "ISSUER": world.issuer,
            "ALLOWED_HOSTS": world.issuer.removeprefix("https://"),
            "TRUSTED_PROXY_COUNT": "1",
            "SECRET_KEY": secret_key,
            "SEALING_KEYS": sealing_key,
            "DATABASE_URL": self.ground.cluster.url(self.database),
            "REDIS_URL": self.ground.redis.url,
            "EMAIL_URL": "dummymail://",
            "ADMIN_EMAIL": "admin@example.com",
            "ADMIN_PASSWORD": password,
            "RATE_LIMITS": "on",
            "STATIC_COLLECTED": "1",
            "STATIC_ROOT": str(self.ground.folder / "static"),
            # Places for hashing are locked files there: nobody else of this machine takes one.
            "TMPDIR": str(self.ground.folder),
        }

    def codes(self, count: int, *, scope: str, variant: str = "") -> list[str]:
        """Have the service issue them, in a process of its own."""
        return self._prepare("codes", count=count, scope=scope).split()

    def _prepare(self, what: str, *, count: int, scope: str = SCOPE) -> str:
        world = self.ground.world
        wanted = {"count": count, "scope": scope, "client_id": world.app_id, "redirect_uri": world.redirect_uri}
        wanted |= {"challenge": world.challenge, "seconds": CODES_WITHIN}
        command = [sys.executable, "-m", "bench.site.preparation", what]
        return run(command, environment=self.environment(), given=json.dumps(wanted))

    def _manage(self, *arguments: str, given: str | None = None) -> None:
        run([sys.executable, "manage.py", *arguments], environment=self.environment(), given=given)

    def _clients(self) -> list[dict[str, object]]:
        world = self.ground.world
        return [
            {
                "client_id": world.machine_id,
                "client_secret": world.machine_secret,
                "client_name": "A machine",
                "grant_types": ["client_credentials"],
                "scope": "read",
                "token_endpoint_auth_method": "client_secret_post",
            },
            {
                "client_id": world.app_id,
                "client_secret": world.app_secret,
                "client_name": "An application",
                "grant_types": ["authorization_code", "refresh_token"],
                "redirect_uris": [world.redirect_uri],
                "scope": f"{SCOPE} offline_access",
                "token_endpoint_auth_method": "client_secret_post",
                "id_token_signed_response_alg": world.id_token_alg,
            },
        ]

    def _people(self) -> list[dict[str, object]]:
        return [
            {
                "username": person.username,
                "password": person.password,
                **{name: value for name, value in person.claims.items() if name != "preferred_username"},
            }
            for person in self.ground.world.people
        ]


class OursUnguarded(Ours):
    """The same with one view more: the guarded one without its guard, to tell what the guard costs."""

    name = "ours-unguarded"
    paths = Paths(guarded="/bench/me/")

    def prepare(self) -> None:
        """Everything is there: it stands on the other's database."""

    def environment(self) -> dict[str, str]:
        """Return the same settings, with an address more."""
        return self._of.environment() | {"PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "bench.site.settings"}

    def beside(self, ours: Ours) -> "OursUnguarded":
        """Stand beside ours."""
        self._of = ours
        return self

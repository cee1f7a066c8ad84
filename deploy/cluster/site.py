"""The site as two nodes run it: its environment, as docs/operations.md asks for it, its commands, and a node."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final

from deploy.cluster.machine import Failed, free_port
from deploy.cluster.program import Program

HOUSE: Final = Path(__file__).resolve().parent.parent.parent
_TAKEN_OVER: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


def environment(*, issuer: str, database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    """Return what a production's environment says, with secrets of its own. What `.env` says stays outside."""
    inherited = {name: os.environ[name] for name in _TAKEN_OVER if name in os.environ}
    return inherited | {
        "DEBUG": "0",
        "ISSUER": issuer,
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
        "SECRET_KEY": token_hex(32),
        "SECRET_KEY_FALLBACKS": "",
        "SEALING_KEYS": token_hex(32),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "ADMIN_EMAIL": "admin@example.com",
        "RATE_LIMITS": "on",
        "WORKERS": "1",
        "STATIC_ROOT": str(folder / "static"),
        "STATIC_COLLECTED": "1",
        "PYTHONUNBUFFERED": "1",
    }


def manage(environment: Mapping[str, str], *arguments: str, said: str = "") -> str:
    """Run a command of manage.py, with `said` on its standard input, and return what it prints. Raises Failed."""
    command = [sys.executable, str(HOUSE / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, cwd=HOUSE, input=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Node:
    """One `manage.py serve`: the server and a job worker."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        """Nothing runs yet."""
        self.name, self.port = name, free_port()
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "METRICS_DIR": str(folder / f"metrics-{name}")}
        self._program = Program(
            [sys.executable, str(HOUSE / "manage.py"), "serve"],
            folder / f"{name}.log",
            environment={**environment, **own},
            cwd=HOUSE,
        )

    @property
    def url(self) -> str:
        """Its own address, which the proxy calls."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that all others of it come from; 0 while it does not run."""
        return self._program.pid

    def begin(self) -> None:
        """Start it."""
        self._program.start()

    def wait_until_ready(self) -> None:
        """Return when it may be sent requests. Raises Failed."""
        self._program.wait_until(self.is_ready)

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.begin()
        self.wait_until_ready()

    def kill(self) -> None:
        """Kill all its processes, as a machine dies."""
        self._program.kill()

    def stop(self) -> None:
        """Ask it to stop; what it has begun it finishes."""
        self._program.stop()

    def is_ready(self) -> bool:
        """Ask it itself."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

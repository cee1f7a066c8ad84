"""The machine that all of it runs on: where its programs are, which ports are free, as whom PostgreSQL may run."""

import os
import pwd
import secrets
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_DEBIAN: Final = Path("/usr/lib/postgresql")  # where Debian keeps a server's programs, by version
_HANDED_OUT: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST_PORT: Final = 20000
_HIGHEST_PORT: Final = 60000
_taken: Final[set[int]] = set()
PATIENCE: Final = 120.0  # seconds: a busy machine starts slowly
_LOOK_EVERY: Final = 0.05


class Failed(Exception):
    """What could not be started, in words for whoever started it."""


def found(program: str) -> str:
    """Return the path of a program, also where an ordinary user's PATH does not lead. Raises Failed."""
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    path = os.pathsep.join([*map(str, debian), os.environ.get("PATH", ""), "/usr/sbin"])
    where = shutil.which(program, path=path)
    if where is None:
        raise Failed(f"{program} is not here: apt install postgresql redis-server nginx-light")
    return where


def free_port() -> int:
    """Return a port of loopback that nobody listens on, each time another.

    It lies below those that the system hands out by itself: nobody is given it while its program is not up, or dead.
    """
    handed_out = int(_HANDED_OUT.read_text().split()[0])
    below = handed_out if handed_out > _LOWEST_PORT + 1000 else _HIGHEST_PORT
    while True:
        port = _LOWEST_PORT + secrets.randbelow(below - _LOWEST_PORT)
        if port not in _taken and _is_free(port):
            _taken.add(port)
            return port


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def as_postgres() -> dict[str, Any]:
    """Return how a process of PostgreSQL is started: as Debian's user for it where we are root, whom it refuses."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as unknown:
        raise Failed("PostgreSQL does not run as root, and there is no user postgres") from unknown
    return {"cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def wait_until(what: str, is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when it is so. Raises Failed."""
    deadline = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > deadline:
            raise Failed(f"after {patience:.0f} s: {what}")
        time.sleep(_LOOK_EVERY)

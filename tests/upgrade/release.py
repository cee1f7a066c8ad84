"""The previous release, whose code stands in the tree as an archive: docs/upgrading.md says how it is made."""

import os
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path
from typing import Any, Final

ARCHIVE: Final = Path(__file__).with_name("previous.tar.xz")
# Debian's Python 3.11 knows no filters; the archive is our own.
_CAREFULLY: Final[dict[str, Any]] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
_MIGRATION: Final = "/migrations/0"


@cache
def migrations() -> frozenset[str]:
    """Return the migrations that the previous release has, by their paths."""
    with tarfile.open(ARCHIVE) as archive:
        return frozenset(name for name in archive.getnames() if _MIGRATION in name)


class Release:
    """A tree of our code, and the environment that its programs run in."""

    def __init__(self, house: Path, **variables: str) -> None:
        self.house = house
        self.environment = os.environ | {"PYTHONPATH": str(house)} | variables

    @classmethod
    def previous(cls, folder: Path, **variables: str) -> "Release":
        """Unpack the previous release into a folder."""
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(folder, **_CAREFULLY)
        return cls(folder, **variables)

    def run(self, script: str) -> str:
        """Run a script with its apps loaded, and return what it prints."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{script}"]
        done = subprocess.run(
            command, cwd=self.house, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def serve(self, port: int) -> "subprocess.Popen[bytes]":
        """Start its server."""
        command = [
            *(sys.executable, "-m", "granian", "authproject.rsgi:application", "--interface", "rsgi", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"),
            *("--working-dir", str(self.house)),
        ]
        return subprocess.Popen(command, cwd=self.house, env=self.environment)

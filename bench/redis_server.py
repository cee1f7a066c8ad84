"""A Redis of the bench's own, where ours counts its limits in production; without one each process counts alone."""

import subprocess
from pathlib import Path

from bench import processes
from bench.places import program


class Redis:
    """One Redis that keeps nothing, if the machine has one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> None:
        """Start it."""
        found = program("redis-server")
        if found is None:
            return
        port = processes.free_port()
        command = [found, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = processes.start(command, environment={}, log=self._folder / "redis.log")
        self.url = f"redis://127.0.0.1:{port}/0"

    @property
    def pids(self) -> list[int]:
        """Its process, if there is one."""
        return [self._process.pid] if self._process else []

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            processes.stop(self._process)

"""Redis, as deploy/compose.yaml runs it: counters of limits only, nothing is written."""

import os
import socket
from pathlib import Path
from typing import Final

from deploy.cluster.machine import found, free_port
from deploy.cluster.program import Program

_OPTIONS: Final = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxmemory-policy", "volatile-lru")


class Redis:
    """One server, which forgets all when it ends."""

    def __init__(self, folder: Path) -> None:
        """Nothing runs yet."""
        self.port = free_port()
        command = [found("redis-server"), "--port", str(self.port), "--dir", str(folder), *_OPTIONS]
        self._program = Program(command, folder / "redis.log", environment={"PATH": os.environ["PATH"]})

    @property
    def pid(self) -> int:
        """Its process; 0 while it does not run."""
        return self._program.pid

    @property
    def url(self) -> str:
        """The address for the settings."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._program.start()
        self._program.wait_until(self._answers)

    def kill(self) -> None:
        """Kill it as a machine dies."""
        self._program.kill()

    def stop(self) -> None:
        """Stop it."""
        self._program.stop()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

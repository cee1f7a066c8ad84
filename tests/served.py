"""The site as `manage.py serve` runs it: a supervisor, granian with its workers, and the job queue's worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.live_site import LiveSite, database_url

_LISTENS = "0A"  # as /proc/net/tcp writes it
_READY_WITHIN = 60.0  # seconds: CI's machines are slow when all tests start at once


@dataclass(frozen=True)
class Served:
    """What runs, and where it answers."""

    site: LiveSite
    port: int
    process: "subprocess.Popen[str]"

    def server(self) -> int | None:
        """Return the process id of granian, the parent of the workers."""
        return next((pid for pid in _children(self.process.pid) if "granian" in _command(pid)), None)

    def has_job_worker(self) -> bool:
        """Tell whether the job queue's worker runs beside the server."""
        return any("db_worker" in _command(pid) for pid in _children(self.process.pid))

    def workers(self) -> set[int]:
        """Return the process ids of granian's workers."""
        server = self.server()
        return set(_children(server)) if server else set()

    def listening(self) -> set[int]:
        """Return those of the workers that have begun to listen."""
        table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {row[9] for row in table if row[1].endswith(f":{self.port:04X}") and row[3] == _LISTENS}
        return {pid for pid in self.workers() if sockets.intersection(_sockets(pid))}

    def stop(self) -> tuple[int, str]:
        """Ask it to stop; return the exit status and what it said as it went."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=40)
        return self.process.returncode, errors


@contextmanager
def served(*options: str, until_ready: bool = True) -> Iterator[Served]:
    """Run `manage.py serve` on the test's database until the block ends, whatever has become of it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--port", str(port), *options]
    environment = os.environ | {"DATABASE_URL": database_url()}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running = Served(LiveSite(f"http://127.0.0.1:{port}"), port, process)
    try:
        if until_ready:
            until(lambda: process.poll() is not None or _answers(port), within=_READY_WITHIN)
            assert process.poll() is None, process.communicate()[1]
        yield running
    finally:
        left = [process.pid, *_children(process.pid), *running.workers()]
        for pid in left:
            _kill(pid)
        process.communicate()


def until(it_is_so: Callable[[], bool], *, within: float = 30.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + within
    while not it_is_so():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.02)


def _sockets(pid: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            yield str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]")
        except OSError:
            continue


def _answers(port: int) -> bool:
    try:
        return LiveSite(f"http://127.0.0.1:{port}").call("GET", "/health/ready").status == 200
    except OSError:
        return False


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, its_parent = status.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue
        if int(its_parent) == parent and state != "Z":
            found.append(int(status.parent.name))
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return

"""Programs that a recipe starts: leaders of a group of their own, so that they end with all that they started."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_TIME_LIMIT: Final = 60.0  # seconds: CI's machines are slow when all tests start at once


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run a program to its end; return its status, what it printed, and what it complained of."""
    with _started(command, folder, environment, pipe=subprocess.PIPE) as process:
        overdue = threading.Timer(_TIME_LIMIT, _end, [process, signal.SIGKILL])
        overdue.start()
        printed, complained = process.communicate()
        overdue.cancel()
    return process.returncode, printed, complained


@contextmanager
def serving(command: Sequence[str], *, port: int, folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run a program that listens on a port of loopback, from when it does."""
    with _started(command, folder, environment) as process:
        try:
            _wait_until_listening(port, process)
            yield
        finally:
            _end(process, signal.SIGTERM)
            process.wait(timeout=20)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], pipe: int | None = None
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        text=True, start_new_session=True,
    )  # fmt: skip


def _end(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, how)


def _wait_until_listening(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + _TIME_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens; the program's status is {process.poll()}")

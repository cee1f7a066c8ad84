"""Processes that the bench starts: each in a session of its own, its words in a log, ended with the bench."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.http import Request, call
from bench.places import ROOT

_PATIENCE: Final = 15.0  # seconds from asking to stop until killing
_LOOK_EVERY: Final = 0.01


class Failed(Exception):
    """A program did not do what the bench needs of it."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def start(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own, so that Ctrl-C reaches the bench alone, which then stops it."""
    with log.open("ab") as words:
        return subprocess.Popen(
            command,
            env=os.environ | environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and kill what is left of its session."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_PATIENCE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Sequence[str], *, environment: Mapping[str, str], given: str | None = None, folder: Path = ROOT
) -> str:
    """Run a program to its end and return what it printed. Raises Failed with what it said."""
    done = subprocess.run(
        command, env=os.environ | environment, cwd=folder, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(
            f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stderr[-2000:]}{done.stdout[-500:]}"
        )
    return done.stdout


def wait_until_it_answers(process: "subprocess.Popen[bytes]", url: str, request: Request, *, within: float) -> None:
    """Wait until a request is answered with 200. Raises Failed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failed(f"{url} ended with {process.returncode} before it answered")
        with contextlib.suppress(OSError):
            if call(url, request).status == 200:
                return
        time.sleep(_LOOK_EVERY)
    raise Failed(f"{url} did not answer {request.path} with 200 in {within:.0f} s")

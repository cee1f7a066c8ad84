"""One program of the cluster: started, asked to stop, or dead at once with all that it has started."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from deploy.cluster.machine import PATIENCE, Failed, wait_until


class Program:
    """One program: started, asked to stop, or dead at once with all that it has started."""

    def __init__(self, command: Sequence[str], log: Path, *, environment: Mapping[str, str], **how: Any) -> None:
        """Keep the command. `how` goes to Popen."""
        self._command, self._log, self._environment, self._how = command, log, environment, how
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that all others of it come from; 0 while it does not run."""
        return 0 if self._process is None or self._has_ended() else self._process.pid

    def start(self) -> None:
        """Start it. What it says goes to its log; Ctrl-C does not reach it. Raises Failed."""
        if self.pid:
            raise Failed("It runs already.")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                **self._how,
            )

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Return when it is ready. Raises Failed with the end of its log."""
        try:
            wait_until(f"{self._command[0]} is not ready", lambda: self._has_ended() or is_ready())
            ended = self._has_ended()
        except Failed:
            ended = True
        if ended:
            self._fail()

    def wait_for_success(self) -> None:
        """Return when it has ended well. Raises Failed with the end of its log."""
        if self._process is not None and self._process.wait(timeout=PATIENCE):
            self._fail()

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ask it to stop, and wait; it dies where it takes too long."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill it and all that it started, as a machine dies: nobody is left who could say or do a last thing."""
        if self._process is None or not self.pid:
            return
        dying: list[int] = []
        while others := [pid for pid in _family(self._process.pid) if pid not in dying]:
            for pid in others:  # held first, so that none starts another meanwhile
                _send(pid, signal.SIGSTOP)
            dying += others
        # The youngest first: a group that is left without a parent is woken by SIGHUP, at which servers begin anew.
        for pid in reversed(dying):
            _send(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _fail(self) -> NoReturn:
        said = self._log.read_text(errors="replace").splitlines()[-20:]
        raise Failed("\n".join([f"{' '.join(self._command)} failed:", *said]))

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _family(pid: int) -> list[int]:
    """Return a process and all that come from it."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            # The name stands in parentheses and may have any character; state and parent follow.
            parent = int(status.read_text().rpartition(") ")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    family = [pid]
    for member in family:  # grows while it is read
        family += children.get(member, [])
    return family

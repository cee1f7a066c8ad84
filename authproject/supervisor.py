"""A supervisor of child processes: the server, with which it ends, and the job queue's worker, which it starts again.

The worker ends when the database goes away; the server heals by itself, and must not go down with it.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from types import FrameType
from typing import Final

_LOOK_EVERY: Final = 0.2  # seconds
_PATIENCE: Final = 15.0  # seconds from asking to stop until killing: a request or a mail may be on its way
_PAUSE: Final = 1.0  # seconds before a child that ended is started again
_STOP: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs named commands until one of them ends or this process is asked to stop, then stops them all.

    Those named in `restarted` are started again instead.
    """

    def __init__(
        self, commands: Mapping[str, Sequence[str]], *, restarted: Collection[str] = (), patience: float = _PATIENCE
    ) -> None:
        """Take the commands in; nothing runs yet."""
        self._commands = commands
        self._restarted = restarted
        self._patience = patience
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked_to_stop = False

    def run(self) -> int:
        """Run until the end and return the exit status: 0 if asked to stop, else what the first to end says."""
        for number in _STOP:
            signal.signal(number, self._ask)
        try:
            self._start()
            return self._watch()
        finally:
            self._stop()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _start(self) -> None:
        for name in self._commands:
            self._run(name)

    def _run(self, name: str) -> None:
        # A process group of its own: Ctrl-C reaches this process alone, which then asks each child once.
        command = self._commands[name]
        self._children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603

    def _watch(self) -> int:
        while not self._asked_to_stop:
            for name, child in list(self._children.items()):
                status = child.poll()
                if status is None:
                    continue
                if name not in self._restarted:
                    print(f"The {name} ended with status {status}; stopping.", file=sys.stderr)  # noqa: T201
                    return status if status > 0 else 1
                print(f"The {name} ended with status {status}; starting it again.", file=sys.stderr)  # noqa: T201
                time.sleep(_PAUSE)
                self._run(name)
            time.sleep(_LOOK_EVERY)
        return 0

    def _stop(self) -> None:
        deadline = time.monotonic() + self._patience
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(timeout=max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

"""A supervisor of child processes that live and die together: the server and the job queue's worker."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Final

_LOOK_EVERY: Final = 0.2  # seconds
_PATIENCE: Final = 15.0  # seconds from asking to stop until killing: a request or a mail may be on its way
_STOP: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs named commands until one of them ends or this process is asked to stop, then stops them all."""

    def __init__(self, commands: Mapping[str, Sequence[str]], *, patience: float = _PATIENCE) -> None:
        """Take the commands in; nothing runs yet."""
        self._commands = commands
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
        for name, command in self._commands.items():
            # A process group of its own: Ctrl-C reaches this process alone, which then asks each child once.
            self._children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603

    def _watch(self) -> int:
        while not self._asked_to_stop:
            for name, child in self._children.items():
                status = child.poll()
                if status is not None:
                    print(f"The {name} ended with status {status}; stopping.", file=sys.stderr)  # noqa: T201
                    return status if status > 0 else 1
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

"""A supervisor of child processes: the server and the job queue's worker, each started again when it ends.

A server that ends right after its start could not start, and all ends with it: whoever started this must hear of it.
Run as a script, it imports nothing of the site: it only waits, and should not hold a worker's memory meanwhile.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Final

_LOOK_EVERY: Final = 0.2  # seconds
PATIENCE_SECONDS: Final = 25.0  # seconds from asking to stop until killing: a request or a mail may be on its way
_PAUSE: Final = 1.0  # seconds before a child that ended is started again
_STOP: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs named commands until one of them ends or this process is asked to stop, then stops them all.

    Those named in `restarted` are started again instead, if they lived for as many seconds.
    """

    def __init__(
        self,
        commands: Mapping[str, Sequence[str]],
        *,
        restarted: Mapping[str, float] | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Take the commands in; nothing runs yet."""
        self._commands = commands
        self._restarted = restarted or {}
        self._patience = patience
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._since: dict[str, float] = {}
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
        """Stop; at the second time without patience."""
        if self._asked_to_stop:
            for child in self._children.values():
                child.kill()
        self._asked_to_stop = True

    def _start(self) -> None:
        for name in self._commands:
            self._run(name)

    def _run(self, name: str) -> None:
        # A process group of its own: Ctrl-C reaches this process alone, which then asks each child once.
        command = self._commands[name]
        self._children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603
        self._since[name] = time.monotonic()

    def _watch(self) -> int:
        while not self._asked_to_stop:
            for name, child in list(self._children.items()):
                status = child.poll()
                if status is None:
                    continue
                _kill_what_is_left_of(child)
                again = self._is_started_again(name)
                words = "starting it again" if again else "stopping"
                print(f"The {name} ended with status {status}; {words}.", file=sys.stderr)  # noqa: T201
                if not again:
                    return status if status > 0 else 1
                time.sleep(_PAUSE)
                self._run(name)
            time.sleep(_LOOK_EVERY)
        return 0

    def _is_started_again(self, name: str) -> bool:
        lived = time.monotonic() - self._since[name]
        return name in self._restarted and lived >= self._restarted[name]

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
            _kill_what_is_left_of(child)


def _kill_what_is_left_of(child: "subprocess.Popen[bytes]") -> None:
    """Kill the children of a child that was itself killed: workers that nobody watches would hold the port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(Supervisor(**json.loads(sys.argv[1])).run())

"""What a stretch of time cost, as Linux tells it: processor time of trees of processes, and their memory."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")
CORES: Final = os.cpu_count() or 1


def tree(root: int) -> list[int]:
    """Return a process and all that came from it."""
    children: dict[int, list[int]] = {}
    for pid, fields in _processes():
        children.setdefault(int(fields[1]), []).append(pid)
    found, waiting = [], [root]
    while waiting:
        found.append(pid := waiting.pop())
        waiting += children.get(pid, [])
    return found


def processor_seconds(roots: Sequence[int]) -> float:
    """Return what trees of processes used, with their children that ended meanwhile."""
    trees = {pid for root in roots for pid in tree(root)}
    # utime, stime, cutime and cstime; what a child used moves to its parent when it ends.
    return sum(sum(map(int, fields[11:15])) for pid, fields in _processes() if pid in trees) / _TICK


def thread_seconds(pid: int) -> dict[int, float]:
    """Return what each thread of a process used so far."""
    used = {}
    with contextlib.suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            fields = _fields((task / "stat").read_text())
            used[int(task.name)] = (int(fields[11]) + int(fields[12])) / _TICK
    return used


def memory(roots: Sequence[int]) -> list[float]:
    """Return the proportional set size of each process of the trees, in MiB; shared pages are counted once."""
    sizes = []
    for pid in (pid for root in roots for pid in tree(root)):
        with contextlib.suppress(OSError, StopIteration):
            lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
            sizes.append(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024)
    return sizes


@dataclass
class Host:
    """The machine's processors since some moment: seconds busy and idle, of all cores together."""

    busy: float
    idle: float

    @classmethod
    def now(cls) -> Self:
        """Read what they have done since they started."""
        numbers = [int(number) for number in (_PROC / "stat").read_text().splitlines()[0].split()[1:9]]
        idle = numbers[3] + numbers[4]
        return cls((sum(numbers) - idle) / _TICK, idle / _TICK)

    def since(self, before: Self) -> "Host":
        """Return what they did since another moment."""
        return Host(self.busy - before.busy, self.idle - before.idle)

    @property
    def idle_share(self) -> float:
        """How much of the machine did nothing."""
        return self.idle / max(self.busy + self.idle, 0.01)


def _processes() -> Iterator[tuple[int, list[str]]]:
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                yield int(folder.name), _fields((folder / "stat").read_text())


def _fields(stat: str) -> list[str]:
    """Return the fields behind the name of the program, which may hold anything: the first is the state."""
    return stat.rpartition(")")[2].split()

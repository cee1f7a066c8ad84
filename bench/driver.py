"""The load driver: wrk, and what it reports; its own processor time is watched, so that it is not what is measured."""

import json
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.measurements import CORES, thread_seconds
from bench.places import LUA, program
from bench.processes import Failed

CONNECTIONS: Final = 48
THREADS: Final = min(2, CORES)
_LOOK_EVERY: Final = 0.1


@dataclass(frozen=True)
class Load:
    """What to send: a script of bench/lua, the files that it reads, and for how long by how many."""

    script: str
    files: tuple[Path, ...]
    connections: int = CONNECTIONS
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What wrk reports. Latencies in milliseconds; `busiest` is the share of a core that its busiest thread used."""

    requests: int
    rate: float
    seconds: float
    p50: float
    p99: float
    max: float
    refused: int
    broken: int
    busiest: float
    used: float  # seconds of processor time


def run(url: str, load: Load, *, seconds: float) -> Outcome:
    """Send the load and return what came of it. Raises Failed."""
    before = _ended_children()
    with started(url, load, seconds=seconds) as process:
        try:
            threads = _watched(process)
            output, errors = process.communicate()
        finally:
            process.kill()
    return outcome(output, errors, threads, used=_ended_children() - before)


def started(url: str, load: Load, *, seconds: float) -> "subprocess.Popen[str]":
    """Start the driver and leave it running."""
    command = [
        *(str(program("wrk")), "--latency", "--timeout", "15s", f"-t{THREADS}", f"-c{load.connections}"),
        *(f"-d{max(round(seconds), 1)}s", "-s", f"{load.script}.lua", url, "--"),
        *_arguments(load.files, load.more),
    ]
    return subprocess.Popen(
        command, cwd=LUA, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def outcome(output: str, errors: str, threads: Mapping[int, float], *, used: float) -> Outcome:
    """Read what the scripts printed at the end, with what each thread used, and all together. Raises Failed."""
    line = next((line for line in output.splitlines() if line.startswith("REPORT ")), None)
    if line is None:
        raise Failed(f"wrk did not report:\n{output[-800:]}\n{errors[-800:]}")
    report = json.loads(line.removeprefix("REPORT "))
    busiest = max(threads.values(), default=0.0) / max(report["seconds"], 0.1)
    return Outcome(**report, busiest=round(busiest, 3), used=used)


def _arguments(files: Sequence[Path], more: Sequence[str]) -> list[str]:
    """The files in their order, none for one that is missing; then the number of threads; then what else there is."""
    paths = [str(path) for path in files]
    return [*paths, *["-"] * (2 - len(paths)), str(THREADS), *more] if len(paths) > 1 or more else paths


def _ended_children() -> float:
    """Return the processor time of all children that ended so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _watched(process: "subprocess.Popen[str]") -> dict[int, float]:
    """Wait for the end, looking at what each thread has used: afterwards nobody knows."""
    used: dict[int, float] = {}
    while process.poll() is None:
        used |= thread_seconds(process.pid)
        time.sleep(_LOOK_EVERY)
    return used

"""Whether people who sign in keep machines waiting: latencies of ours with and without a flood of sign-ins."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from bench import driver
from bench.driver import Outcome
from bench.rounds import WARM_UP
from bench.systems import Ground, System
from bench.workloads import COLUMNS

GOAL: Final = 3.0  # times the p99 without the flood
_COLUMNS: Final = ("client_credentials", "introspect")
# So that there is room: at most 24 connections / 20 ms = 1,200 requests a second.
_CONNECTIONS, _PAUSE_MS = 24, 20
_FLOODERS: Final = 16
_LEAST_KEPT: Final = 0.3
_RISING: Final = 0.5  # seconds until the flood is at its height


@dataclass(frozen=True)
class Calm:
    """One column without the flood and within it."""

    column: str
    without: Outcome
    within: Outcome

    @property
    def ratio(self) -> float:
        """How many times as long the slowest hundredth waits."""
        return self.within.p99 / max(self.without.p99, 0.001)

    @property
    def errors(self) -> int:
        """How many requests failed in the flood."""
        return self.within.refused + self.within.broken

    @property
    def kept(self) -> float:
        """How many were answered in the flood, for each that was without: who waits asks less."""
        return self.within.requests / max(self.without.requests, 1)

    @property
    def is_reached(self) -> bool:
        """Whether the goal is; where hardly anything is answered, its latencies say nothing."""
        return self.ratio <= GOAL and not self.errors and self.kept >= _LEAST_KEPT


def measured(ground: Ground, system: System, *, seconds: float) -> list[Calm]:
    """Measure both columns."""
    return [_measured(ground, system, name, seconds) for name in _COLUMNS]


def lines(calm: list[Calm]) -> list[str]:
    """Return what is told of it."""
    return [_line(one) for one in calm]


def _line(calm: Calm) -> str:
    return (
        f"p99 of {calm.column}: {calm.without.p99:.1f} ms, in a flood of sign-ins {calm.within.p99:.1f} ms: "
        f"{calm.ratio:.1f}x, {calm.errors} errors, {calm.kept:.0%} of the answers; goal at most {GOAL}x: "
        f"{'reached' if calm.is_reached else 'NOT reached'}"
    )


def _measured(ground: Ground, system: System, name: str, seconds: float) -> Calm:
    folder = ground.folder
    load = COLUMNS[name].prepare(system, "", seconds, folder)
    paced = replace(load, script="paced", connections=_CONNECTIONS, more=(str(_PAUSE_MS),))
    driver.run(system.url, paced, seconds=WARM_UP)
    without = driver.run(system.url, paced, seconds=seconds)
    with _flood(ground, system, seconds):
        within = driver.run(system.url, paced, seconds=seconds)
    return Calm(name, without, within)


@contextmanager
def _flood(ground: Ground, system: System, seconds: float) -> Iterator[None]:
    folder = ground.folder / "flood"
    folder.mkdir(exist_ok=True)
    load = replace(COLUMNS["login"].prepare(system, "", seconds, folder), connections=_FLOODERS)
    with driver.started(system.url, load, seconds=seconds + 2) as process:
        try:
            time.sleep(_RISING)
            yield
        finally:
            process.kill()

"""The rounds: all systems run all the time, and each column goes through them in turn, A B C D, A B C D."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from bench import driver
from bench.driver import Load, Outcome
from bench.measurements import Host, processor_seconds
from bench.processes import Failed
from bench.systems import Ground, System
from bench.systems.ours import OursUnguarded
from bench.workloads import COLUMNS, Column

WARM_UP: Final = 1.0  # seconds, before the first round of each
_DRIVER_BUSY, _MACHINE_IDLE = 0.9, 0.1
MUCH_OTHER_WORK: Final = 0.1  # of the machine


@dataclass(frozen=True)
class Contender:
    """A system, and the way that it answers."""

    system: System
    variant: str = ""


@dataclass(frozen=True)
class Cell:
    """What one run measured. Processor time in seconds, `others` and `idle` as shares of the machine."""

    column: str
    system: str
    variant: str
    outcome: Outcome
    server: float
    database: float
    log_bytes: int
    others: float
    idle: float

    @property
    def why_not_counted(self) -> str:
        """Why this run does not count, if it does not."""
        if self.outcome.refused or self.outcome.broken:
            return f"{self.outcome.refused} refused, {self.outcome.broken} broken"
        if self.outcome.busiest > _DRIVER_BUSY and self.idle > _MACHINE_IDLE:
            return "the driver was the limit"
        return ""

    @property
    def is_noisy(self) -> bool:
        """Whether other work was on the machine."""
        return self.others > MUCH_OTHER_WORK


def play(
    ground: Ground,
    systems: Sequence[System],
    columns: Sequence[Column],
    *,
    rounds: int,
    seconds: float,
    before_each: Callable[[], None] = lambda: None,
) -> Iterator[Cell]:
    """Run all rounds; `before_each` is called when all is prepared."""
    warm_in: dict[str, list[Contender]] = {column.name: [] for column in columns}
    for number in range(rounds):
        for column in columns:
            field = _contenders(column, systems)
            turn = number % len(field)
            for contender in field[turn:] + field[:turn]:
                try:
                    if contender not in warm_in[column.name]:
                        _warm_up(ground, column, contender)
                        warm_in[column.name].append(contender)
                    cell = _measured(ground, column, contender, seconds, before_each)
                except (
                    Failed,
                    OSError,
                    HTTPException,
                ) as failed:  # one that cannot answer does not end the others' rounds
                    print(f"round {number + 1}  {column.name:20}{failed}", file=sys.stderr, flush=True)
                    continue
                _say(cell, number)
                yield cell


def _contenders(column: Column, systems: Sequence[System]) -> list[Contender]:
    """Return who takes part in a column: each system in each of its ways."""
    field = []
    for system in systems:
        if isinstance(system, OursUnguarded):
            if column is COLUMNS["guarded"]:
                field.append(Contender(system, "unguarded"))
            continue
        field += [Contender(system, variant) for variant in system.variants.get(column.name, ("",))]
    return field


def _run(column: Column, contender: Contender, load: Load, seconds: float) -> Outcome:
    outcome = driver.run(contender.system.url, load, seconds=seconds)
    if column is COLUMNS["code"]:
        contender.system.code_rate = outcome.rate  # so many codes does the next run need
    return outcome


def _warm_up(ground: Ground, column: Column, contender: Contender) -> None:
    _run(column, contender, column.prepare(contender.system, contender.variant, WARM_UP, ground.folder), WARM_UP)


def _measured(ground: Ground, column: Column, contender: Contender, seconds: float, before: Callable[[], None]) -> Cell:
    system, cluster = contender.system, ground.cluster
    load = column.prepare(system, contender.variant, seconds, ground.folder)
    cluster.settle()
    before()
    host, log_bytes = Host.now(), cluster.log_bytes()
    server, database = processor_seconds([system.pid]), processor_seconds([cluster.pid])
    outcome = _run(column, contender, load, seconds)
    server, database = processor_seconds([system.pid]) - server, processor_seconds([cluster.pid]) - database
    spent = Host.now().since(host)
    if not outcome.requests:
        raise Failed(f"{system.name} answered nothing in {column.name}")
    others = max(spent.busy - server - database - outcome.used, 0) / max(spent.busy + spent.idle, 0.01)
    return Cell(
        column.name,
        system.name,
        contender.variant,
        outcome,
        server,
        database,
        cluster.log_bytes() - log_bytes,
        others,
        spent.idle_share,
    )


def _say(cell: Cell, number: int) -> None:
    name = f"{cell.system} {cell.variant}".strip()
    noise = f"  [{cell.others:.0%} of the machine did other work]" if cell.is_noisy else ""
    counted = f"  NOT COUNTED: {cell.why_not_counted}" if cell.why_not_counted else ""
    outcome = cell.outcome
    print(
        f"round {number + 1}  {cell.column:20}{name:24}{outcome.rate:10,.0f}/s  p50 {outcome.p50:7.2f} ms"
        f"  p99 {outcome.p99:8.2f} ms{noise}{counted}",
        file=sys.stderr,
        flush=True,
    )

"""What one vCPU of ours carries, in Markdown for docs/operations.md: from what each action costs."""

from dataclasses import dataclass
from typing import Final

from bench.measurements import memory
from bench.results import Result, standings
from bench.rounds import play
from bench.systems import Ground
from bench.systems.ours import Ours
from bench.workloads import COLUMNS

_ACTIONS: Final = {
    "login": "sign-ins by password",
    "client_credentials": "client credentials",
    "refresh": "refreshes",
    "introspect": "introspections",
    "code": "code exchanges",
}
_HEAD: Final = (
    "| action | a second per vCPU of the server | database's vCPU | rows each, a second | commits each | log each |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
)


@dataclass(frozen=True)
class Size:
    """What an action costs."""

    name: str
    result: Result
    rows: float
    transactions: float


def table(ground: Ground, ours: Ours, *, rounds: int, seconds: float) -> str:
    """Measure ours alone and return the table."""
    sizes = [size for name in _ACTIONS if (size := _size(ground, ours, name, rounds, seconds))]
    processes = sorted(memory([ours.pid]), reverse=True)
    told = ", ".join(f"{size:.0f}" for size in processes)
    return "\n".join([*_HEAD, *map(_row, sizes), "", f"Memory after all of it, MiB of each process: {told}."])


def _size(ground: Ground, ours: Ours, name: str, rounds: int, seconds: float) -> Size | None:
    """Measure one action. What is written is counted in the last round, without what its preparation writes."""
    column, counted = COLUMNS[name], []

    def count() -> None:
        counted.append(ground.cluster.writes(ours.database))

    cells = list(play(ground, [ours], [column], rounds=rounds - 1, seconds=seconds))
    cells += play(ground, [ours], [column], rounds=1, seconds=seconds, before_each=count)
    if not cells or len(counted) != 1:
        return None
    count()
    spent = {kind: counted[1][kind] - counted[0][kind] for kind in counted[0]}
    requests = cells[-1].outcome.requests
    rows = sum(number for kind, number in spent.items() if kind.startswith("tup_"))
    result = standings(cells)[0].ours
    return Size(name, result, rows / requests, spent["xact_commit"] / requests) if result else None


def _row(size: Size) -> str:
    result = size.result
    rate = 1e6 / result.server_us
    return (
        f"| {_ACTIONS[size.name]} | {rate:,.0f} | {result.database_us / result.server_us:.2f} "
        f"| {size.rows:.1f}, {size.rows * rate:,.0f} | {size.transactions:.1f} | {result.log_bytes:,.0f} bytes |"
    )

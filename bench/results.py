"""What the rounds say together: medians, the better way of each system, the best peer, ratios."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from bench.rounds import Cell
from bench.workloads import COLUMNS, Column

OURS: Final = "ours"
UNGUARDED: Final = "ours-unguarded"


@dataclass(frozen=True)
class Result:
    """The medians of one system in one column, of the runs that count."""

    system: str
    variant: str
    rate: float
    p50: float
    p99: float
    server_us: float
    database_us: float
    log_bytes: float
    driver: float
    others: float
    idle: float
    rates: tuple[float, ...]
    refused: int
    not_counted: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether any run counted."""
        return bool(self.rates)

    def members(self) -> dict[str, Any]:
        """Return it for latest.json."""
        return {
            "rps": round(self.rate, 1),
            "p50_ms": round(self.p50, 3),
            "p99_ms": round(self.p99, 3),
            "server_cpu_us": round(self.server_us, 1),
            "database_cpu_us": round(self.database_us, 1),
            "wal_bytes": round(self.log_bytes, 1),
            "rounds": [round(rate, 1) for rate in self.rates],
            "driver_core_share": round(self.driver, 3),
            "other_work_share": round(self.others, 3),
            "errors": self.refused,
            "not_counted": list(self.not_counted),
            **({"variant": self.variant} if self.variant else {}),
        }


@dataclass(frozen=True)
class Standing:
    """A column: who did how well. Every way that was tried is in `tried`; `best` has the better one of each system."""

    column: Column
    best: Mapping[str, Result]
    tried: Sequence[Result]

    @property
    def ours(self) -> Result | None:
        """Return ours, if it ran and counts."""
        return self.best.get(OURS)

    @property
    def peers(self) -> dict[str, Result]:
        """Return the peers by name."""
        return {name: result for name, result in self.best.items() if name not in {OURS, UNGUARDED}}

    @property
    def best_peer(self) -> Result | None:
        """Return the quickest peer."""
        return max(self.peers.values(), key=lambda result: result.rate, default=None)

    def ratio_to(self, name: str | None) -> float | None:
        """Return how many times as quick as another ours is."""
        other = self.best.get(name or "")
        return self.ours.rate / other.rate if self.ours and other else None

    @property
    def is_against_itself(self) -> bool:
        """Whether the goal is against our own view without its guard."""
        return self.column is COLUMNS["guarded"]

    @property
    def ratio(self) -> float | None:
        """Return the ratio that the goal is about."""
        best = self.best_peer
        return self.ratio_to(UNGUARDED if self.is_against_itself else best.system if best else None)


def standings(cells: Iterable[Cell]) -> list[Standing]:
    """Sum up all rounds, column by column."""
    by_column: dict[str, dict[tuple[str, str], list[Cell]]] = {}
    for cell in cells:
        by_column.setdefault(cell.column, {}).setdefault((cell.system, cell.variant), []).append(cell)
    return [
        _standing(COLUMNS[name], [_result(group) for group in groups.values()]) for name, groups in by_column.items()
    ]


def _standing(column: Column, tried: list[Result]) -> Standing:
    best: dict[str, Result] = {}
    for result in tried:
        if result.counts and (result.system not in best or result.rate > best[result.system].rate):
            best[result.system] = result
    return Standing(column, best, tried)


def _result(cells: list[Cell]) -> Result:
    """Return the medians; where no run counts, of those that do not, so that one can see them."""
    counted = [cell for cell in cells if not cell.why_not_counted]
    shown = counted or cells
    outcomes = [cell.outcome for cell in shown]
    return Result(
        system=cells[0].system,
        variant=cells[0].variant,
        rate=median(outcome.rate for outcome in outcomes),
        p50=median(outcome.p50 for outcome in outcomes),
        p99=median(outcome.p99 for outcome in outcomes),
        server_us=median(cell.server / cell.outcome.requests for cell in shown) * 1e6,
        database_us=median(cell.database / cell.outcome.requests for cell in shown) * 1e6,
        log_bytes=median(cell.log_bytes / cell.outcome.requests for cell in shown),
        driver=median(outcome.busiest for outcome in outcomes),
        others=max(cell.others for cell in shown),
        idle=median(cell.idle for cell in shown),
        rates=tuple(cell.outcome.rate for cell in counted),
        refused=sum(cell.outcome.refused + cell.outcome.broken for cell in cells),
        not_counted=tuple(cell.why_not_counted for cell in cells if cell.why_not_counted),
    )


def document(standing: Standing, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a column for latest.json; `more` are members of its own."""
    best = standing.best_peer
    members: dict[str, Any] = {
        "ours": standing.ours.members() if standing.ours else None,
        "peers": {name: result.members() for name, result in standing.peers.items()},
        "best_peer": best.system if best else None,
        "ratio": _rounded(standing.ratio),
        "goal": standing.column.goal,
    }
    for name, goal in standing.column.further_goals.items():
        members |= {f"ratio_to_{name}": _rounded(standing.ratio_to(name)), f"goal_to_{name}": goal}
    if standing.is_against_itself:
        unguarded = standing.best.get(UNGUARDED)
        members |= {
            "ratio_is_to": "unguarded",
            "unguarded": unguarded.members() if unguarded else None,
            "ratio_to_best_peer": _rounded(standing.ratio_to(best.system if best else None)),
        }
    return members | more


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 3)

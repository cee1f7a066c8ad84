"""Runs as the bench would have measured them."""

from typing import Any

from bench.driver import Outcome
from bench.rounds import Cell


def cell(column: str, system: str, rate: float, **changed: Any) -> Cell:
    """Return a run of a second that counts, but for what is `changed`."""
    outcome = {"refused": 0, "broken": 0, "busiest": 0.5} | {
        name: changed.pop(name) for name in ("refused", "broken", "busiest") if name in changed
    }
    measured = {"variant": "", "server": 1.0, "database": 0.5, "log_bytes": 0, "others": 0.0, "idle": 0.0} | changed
    return Cell(
        column=column,
        system=system,
        outcome=Outcome(requests=1000, rate=rate, seconds=1.0, p50=1.0, p99=2.0, max=3.0, used=0.2, **outcome),
        **measured,
    )

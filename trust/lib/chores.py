"""Work that is due now and then: each piece is done, whatever becomes of the others."""

import logging
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

Chores = Mapping[str, Callable[[], int]]


def do_each(chores: Chores) -> dict[str, int]:
    """Do each, and return how much each did; raise an ExceptionGroup at the end of those that failed, if any did."""
    done: dict[str, int] = {}
    failures: list[Exception] = []
    for name, chore in chores.items():
        try:
            done[name] = chore()
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is told at the end
            log.error("%s: %s", name, type(failure).__name__)
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"of {len(chores)} chores these failed", failures)
    return done

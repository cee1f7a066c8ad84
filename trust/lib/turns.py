"""Turns at computing: threads of one process compute one at a time, so few of them are let begin (authproject.lane).

Whoever is about to wait long, for something else than the database, gives the turn away meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol


class Turns(Protocol):
    """Who hands out turns to the threads that answer requests."""

    def give_away(self) -> None:
        """Let another thread begin in place of this one."""
        ...

    def take_back(self) -> None:
        """Go on in this thread, whoever else has begun."""
        ...


_of_thread: Final = threading.local()


def hold(turns: Turns) -> None:
    """Say who handed this thread its turn."""
    _of_thread.turns = turns


@contextmanager
def given_away() -> Iterator[None]:
    """Wait here for what takes long; in a thread that needs no turn nothing is different."""
    turns: Turns | None = getattr(_of_thread, "turns", None)
    if turns is None:
        yield
        return
    turns.give_away()
    try:
        yield
    finally:
        turns.take_back()

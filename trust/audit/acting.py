"""Who acts in another's name: whatever is recorded meanwhile says so, whoever records it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_acting: Final[ContextVar[uuid.UUID | None]] = ContextVar("acting", default=None)


@contextmanager
def acting(person: uuid.UUID | None) -> Iterator[None]:
    """Let every event that is recorded within name this person as its actor, unless it names another."""
    token = _acting.set(person)
    try:
        yield
    finally:
        _acting.reset(token)


def who_acts() -> uuid.UUID | None:
    """Return who acts in another's name just now, or None."""
    return _acting.get()

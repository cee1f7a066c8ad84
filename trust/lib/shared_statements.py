"""Statements that many requests share: the port by which the fastest endpoints read and write (docs/decisions/0023).

A request asks by values and gets the one row that answers, or None. There are two ways. The ORM does it for one request
at a time, on any database. On PostgreSQL a statement takes as many requests as there are: those that meet in an event
loop share one statement and one commit, and each gets its answer after that commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Generic, Protocol, TypeVar

from django.conf import settings
from django.db import connection

from trust.lib import gathering
from trust.lib.waiting import is_in_loop

Ask = TypeVar("Ask", bound=tuple[Any, ...])
Answer = TypeVar("Answer")

_SKIPPING: Final = " SKIP LOCKED"


@dataclass(frozen=True, slots=True, eq=False)
class SharedStatement(Generic[Ask, Answer]):
    """What can be asked. `one` asks by the ORM, in a transaction of its own if it says more than one statement.

    `many` is a single statement of PostgreSQL. Its parameters are the members of the asks, each as one array; its
    rows begin with the place of the ask that they answer, from 1 on, and `answer` makes an answer of the rest.
    A row that somebody else has locked answers nobody: none of those who share a statement waits for a stranger.
    None is then not the last word: who is told so in an event loop asks again in a thread, where `alone` waits.
    """

    name: str
    one: Callable[[Ask], Answer | None]
    many: str
    answer: Callable[..., Answer]
    # The statement of one request, which waits for whoever has its row, and answers by what that one leaves.
    alone: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the one of the other, once."""
        object.__setattr__(self, "alone", self.many.replace(_SKIPPING, ""))

    def parameters(self, asks: Sequence[Ask]) -> list[list[Any]]:
        """Return the arrays."""
        return [list(column) for column in zip(*asks, strict=True)]

    def answers(self, rows: Sequence[tuple[Any, ...]], count: int) -> list[Answer | None]:
        """Return the answer of each of `count` asks."""
        answers: list[Answer | None] = [None] * count
        for place, *values in rows:
            answers[place - 1] = self.answer(*values)
        return answers


class Writer(Protocol):
    """A way to ask."""

    async def ask(self, statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
        """Return the answer, once it is durable where something was written. Raises django.db.Error."""
        ...


class OrmWriter:
    """By the ORM, one at a time."""

    async def ask(self, statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
        """Ask in this thread, whose connection may be in a transaction."""
        return statement.one(ask)


class GroupingWriter:
    """By PostgreSQL's statement: of all who meet in an event loop, or of one in a thread that has none."""

    async def ask(self, statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
        """Ask together with whoever else asks now."""
        if is_in_loop():
            answer: Answer | None = await gathering.ask(statement, ask)
            return answer
        with connection.cursor() as cursor:
            cursor.execute(statement.alone, statement.parameters([ask]))
            return statement.answers(cursor.fetchall(), 1)[0]


_BY_ORM: Final = OrmWriter()
_GROUPING: Final = GroupingWriter()


def writer() -> Writer:
    """Return the way of this deployment's database."""
    return _GROUPING if _is_postgresql(settings.DATABASES["default"]["ENGINE"]) else _BY_ORM


@lru_cache(4)
def _is_postgresql(engine: str) -> bool:
    # By its name: to ask a connection, Django makes one for each context, and each request in a loop has one.
    return engine.rpartition(".")[2] in {"postgresql", "postgis"}


async def ask(statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
    """Return the answer to an ask, by the way of this deployment's database. Raises django.db.Error."""
    return await writer().ask(statement, ask)

"""Statements that many requests share: the port by which the fastest endpoints read and write (docs/decisions/0023).

A request asks by values and gets the one row that answers, or None. There are two ways. The ORM does it for one request
at a time, on any database. On PostgreSQL a statement takes as many requests as there are: those that meet in an event
loop share one statement and one commit, and each gets its answer after that commit.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

from django.conf import settings
from django.db import connection

from trust.lib import gathering
from trust.lib.settled import settled
from trust.lib.waiting import at_once, is_in_loop

Ask = TypeVar("Ask", bound=tuple[Any, ...])
Answer = TypeVar("Answer")

_SKIPPING: Final = " SKIP LOCKED"
# What the driver makes of an array costs several times what a value costs, so one request gives its values alone.
_ARRAYS: Final = re.compile(r"unnest\(((?:%s::\w+\[\][,\s]*)+)\)\s+WITH ORDINALITY AS asked")


@dataclass(frozen=True, slots=True, eq=False)
class SharedStatement(Generic[Ask, Answer]):
    """What can be asked. `one` asks by the ORM, in a transaction of its own if it says more than one statement.

    `many` is a single statement of PostgreSQL. Its parameters are the members of the asks, each as one array, which it
    reads by `unnest(%s::text[], ...) WITH ORDINALITY AS asked (name, ..., place)`. Its rows begin with the place of the
    ask that they answer, from 1 on, and `answer` makes an answer of the rest.
    A row that somebody else has locked answers nobody: none of those who share a statement waits for a stranger.
    None is then not the last word: who is told so in an event loop asks again in a thread, where `alone` waits.
    Where it only `reads`, those who ask the same share an answer.
    """

    name: str
    one: Callable[[Ask], Answer | None]
    many: str
    answer: Callable[..., Answer]
    reads: bool = False
    # The statement of one request, which waits for whoever has its row, and answers by what that one leaves.
    alone: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the one of the other, once."""
        waiting = self.many.replace(_SKIPPING, "")
        object.__setattr__(self, "alone", _ARRAYS.sub(lambda found: f"{_one_row(found[1])} AS asked", waiting))

    def parameters(self, asks: Sequence[Ask]) -> list[list[Any]]:
        """Return the arrays."""
        return [list(column) for column in zip(*asks, strict=True)]

    def answers(self, rows: Sequence[tuple[Any, ...]], count: int) -> list[Answer | None]:
        """Return the answer of each of `count` asks."""
        answers: list[Answer | None] = [None] * count
        for place, *values in rows:
            answers[place - 1] = self.answer(*values)
        return answers


def _one_row(arrays: str) -> str:
    return f"(SELECT {arrays.replace('[]', '')}, 1::bigint)"


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
            cursor.execute(statement.alone, ask)
            return statement.answers(cursor.fetchall(), 1)[0]


_BY_ORM: Final = OrmWriter()
_GROUPING: Final = GroupingWriter()


@settled(1)
def writer() -> Writer:
    """Return the way of this deployment's database."""
    # By its name: to ask a connection, Django makes one for each context, and each request in a loop has one.
    engine: str = settings.DATABASES["default"]["ENGINE"]
    return _GROUPING if engine.rpartition(".")[2] in {"postgresql", "postgis"} else _BY_ORM


async def ask(statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
    """Return the answer to an ask, by the way of this deployment's database. Raises django.db.Error."""
    return await writer().ask(statement, ask)


def answer_of(statement: SharedStatement[Ask, Answer], ask: Ask) -> Answer | None:
    """Return the same where one may wait for it: in a thread. Raises django.db.Error."""
    asking = writer().ask(statement, ask)
    return at_once(asking)

"""Gathering: while one statement is under way, those who want the same one wait together for the next.

Each event loop has one connection for each statement, in autocommit: the statement is the transaction. A connection
that breaks fails those whose statement it had, whose outcome nobody knows; the next ones open another. One that broke
while it was idle fails nobody.
"""

import asyncio
import logging
from collections import deque
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

import psycopg
from django.db import DataError, IntegrityError, OperationalError, connection

from trust.lib.farewell import has_been_told_something

log = logging.getLogger(__name__)

_MOST: Final = 200  # asks in one statement
_OF_DJANGO: Final = frozenset({"cursor_factory", "context", "prepare_threshold"})
# What the values of one ask may be at fault for: the others of its statement, of which nothing was done, go on alone.
_OF_ONE_ASK: Final = (psycopg.DataError, psycopg.IntegrityError, UnicodeError)
_PATIENCE: Final = 8.0  # seconds: above the database's own bounds of connecting and of a statement


class Statement(Protocol):
    """What is asked: see trust.lib.shared_statements."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    @property
    def many(self) -> str:
        """The SQL."""
        ...

    @property
    def reads(self) -> bool:
        """Whether it writes nothing."""
        ...

    def parameters(self, asks: Any) -> list[list[Any]]:
        """Return its parameters."""
        ...

    def answers(self, rows: Any, count: int) -> list[Any]:
        """Return the answers in the order of the asks."""
        ...


class Gatherer:
    """Those who wait for one statement in one event loop."""

    def __init__(self, statement: Statement) -> None:
        """Nobody waits; the connection opens with the first ask."""
        self.statements = 0  # sent so far
        self._statement = statement
        self._waiting: deque[tuple[Any, asyncio.Future[Any]]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def ask(self, ask: Any) -> Any:
        """Return the answer. Raises django.db.Error."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, answer))
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())
        return await answer

    async def _work(self) -> None:
        try:
            while self._waiting:
                together = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
                await self._answer([ask for ask, _ in together], [answer for _, answer in together])
        finally:
            self._worker = None

    async def _answer(self, asks: list[Any], answers: list[asyncio.Future[Any]]) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                _deliver(answers, await self._execute(asks))
        except _OF_ONE_ASK as refused:
            await self._answer_apart(asks, answers, refused)
        except (psycopg.Error, TimeoutError, OSError) as failed:
            await self.close()
            log.warning("%s failed for %d requests: %s", self._statement.name, len(asks), type(failed).__name__)
            _fail(answers, OperationalError(f"{self._statement.name}: {type(failed).__name__}"))
        except Exception as bug:  # noqa: BLE001 - whoever waits must hear of it
            await self.close()
            _fail(answers, bug)

    async def _answer_apart(self, asks: list[Any], answers: list[asyncio.Future[Any]], refused: Exception) -> None:
        if len(asks) == 1:
            _fail(answers, _of_django(refused))
            return
        for ask, answer in zip(asks, answers, strict=True):
            await self._answer([ask], [answer])

    async def _execute(self, asks: list[Any]) -> list[Any]:
        connected = await self._connected()
        self.statements += 1
        statement = self._statement
        different = list(dict.fromkeys(asks)) if statement.reads else asks
        cursor = await connected.execute(statement.many, statement.parameters(different), prepare=True, binary=True)
        answers = statement.answers(await cursor.fetchall(), len(different))
        if len(different) == len(asks):
            return answers
        by_ask = dict(zip(different, answers, strict=True))
        return [by_ask[ask] for ask in asks]

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        kept = self._connection
        if kept is not None and (kept.closed or has_been_told_something(kept.fileno())):
            await self.close()
        if self._connection is None:
            self._connection = await _opened()
        return self._connection

    async def close(self) -> None:
        """Close the connection; whoever asks next opens another."""
        closing, self._connection = self._connection, None
        if closing is not None:
            await closing.close()


def _deliver(answers: list[asyncio.Future[Any]], found: list[Any]) -> None:
    for answer, value in zip(answers, found, strict=True):
        if not answer.done():  # whoever asked may be gone
            answer.set_result(value)


def _fail(answers: list[asyncio.Future[Any]], error: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)


def _of_django(refused: Exception) -> Exception:
    """Return what Django would have raised."""
    by_driver = {psycopg.DataError: DataError, psycopg.IntegrityError: IntegrityError}
    return next((ours(str(refused)) for theirs, ours in by_driver.items() if isinstance(refused, theirs)), refused)


async def _opened() -> psycopg.AsyncConnection[Any]:
    """Open a connection with the settings' own parameters, the bounds of a statement's time among them."""
    given = connection.get_connection_params()
    known = {name: value for name, value in given.items() if name not in _OF_DJANGO}
    opened = await psycopg.AsyncConnection.connect(**known, autocommit=True)
    await opened.execute("SET TIME ZONE 'UTC'")
    return opened


_gatherers: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Gatherer]]] = WeakKeyDictionary()


def gatherer(statement: Statement) -> Gatherer:
    """Return where those who want this statement meet, in this event loop."""
    of_loop = _gatherers.setdefault(asyncio.get_running_loop(), {})
    known = of_loop.get(statement.name)
    if known is None:
        known = of_loop[statement.name] = Gatherer(statement)
    return known


async def ask(statement: Statement, ask: Any) -> Any:
    """Ask in this event loop. Raises django.db.Error."""
    return await gatherer(statement).ask(ask)


async def close() -> None:
    """Close the connections of this event loop."""
    for each in _gatherers.pop(asyncio.get_running_loop(), {}).values():
        await each.close()

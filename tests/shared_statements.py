"""Both ways to ask a shared statement, by which each of its cases is tried."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import pytest

from trust.lib import gathering
from trust.lib.shared_statements import GroupingWriter, OrmWriter, SharedStatement, Writer
from trust.lib.waiting import at_once

Result = TypeVar("Result")

WRITERS: Final = [
    pytest.param(OrmWriter(), id="orm"),
    pytest.param(GroupingWriter(), id="grouping", marks=pytest.mark.postgresql),
]


def asked(writer: Writer, statement: SharedStatement[Any, Any], ask: tuple[Any, ...]) -> Any:
    """Ask where there is no event loop, and return the answer."""
    return at_once(writer.ask(statement, ask))


def in_loop(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do what asks in an event loop of its own, and leave no connection behind."""

    async def worked() -> Result:
        try:
            return await work()
        finally:
            await gathering.close()

    return asyncio.run(worked())


async def together(statement: SharedStatement[Any, Any], asks: list[Any]) -> list[Any]:
    """Ask all at once; return the answers, or what was raised instead."""
    return await asyncio.gather(*(gathering.ask(statement, ask) for ask in asks), return_exceptions=True)


def gatherer(statement: SharedStatement[Any, Any]) -> gathering.Gatherer:
    """Return where those who ask in this event loop meet."""
    return gathering.gatherer(statement)

"""Where rules may wait for the database: in a thread, which waits, or in an event loop, where nothing else may.

What the lane answers is written as coroutines. In a thread nothing suspends them: `at_once` runs them as if they were
functions. In an event loop they wait for statements that many requests share (trust.lib.shared_statements); whatever
else would wait, the ORM above all, raises SynchronousOnlyOperation there, by Django's own guard, and is done in a
thread instead.
"""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from django.core.exceptions import SynchronousOnlyOperation
from django.db import close_old_connections

Result = TypeVar("Result")

_may_block: Final[ContextVar[bool]] = ContextVar("may_block", default=False)
_THREADS: Final = 16  # of the event loop's; each may hold a database connection


def at_once(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine where there is nothing that it could wait for but by blocking, which it may."""
    before = _may_block.set(True)
    try:
        work.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    finally:
        _may_block.reset(before)
    work.close()
    raise RuntimeError("a coroutine waits for an event loop that is not there")


def is_in_loop() -> bool:
    """Tell whether this thread runs an event loop, which nothing may block: not one that `at_once` was called in."""
    if _may_block.get():
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def aside(work: Callable[[], Result]) -> Result:
    """Do what may ask the ORM: here, or in a thread if it does and there is an event loop.

    What was done before it is not done again, as it would be if the whole request went to a thread. `work` may be
    begun twice, and must do nothing before it first asks.
    """
    try:
        return work()
    except SynchronousOnlyOperation:
        return await in_thread(work)


async def in_thread(work: Callable[[], Result]) -> Result:
    """Do `work` in one of a few threads, with a database connection in order, in the language of who asks."""
    run = contextvars.copy_context().run
    return await asyncio.get_running_loop().run_in_executor(_threads, run, in_order, work)


def soon(work: Callable[[], object]) -> None:
    """Do what nobody waits for: now, or in a thread if there is an event loop."""
    if is_in_loop():
        asyncio.get_running_loop().run_in_executor(_threads, in_order, work)
    else:
        work()


def in_order(work: Callable[[], Result]) -> Result:
    """Do `work` in this thread, with a database connection in order before it and after."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


_threads: Final = ThreadPoolExecutor(_THREADS, thread_name_prefix="aside")

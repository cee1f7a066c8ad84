"""A line to Redis in an event loop: commands go out as they come, answers come back in their order (pipelining).

redis-py opens the connection, with all that its URL may say. What it does around each command costs more than all else
that is done for a proof of possession (docs/measurements.md); here one command is written, and one of two answers read.
"""

import asyncio
import logging
from collections import deque
from typing import Any, Final

from redis.asyncio.connection import ConnectionPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

_ANSWERS: Final = {b"+OK": True, b"$-1": False}  # of SET with NX; whatever else Redis says is no answer


class Line(asyncio.Protocol):
    """One connection, opened when it is first needed, and again after it broke."""

    def __init__(self, url: str, *, patience: float, **options: Any) -> None:
        """Open nothing yet. `patience` is how many seconds an answer may take."""
        # RESP2: nothing comes that was not asked for.
        self._pool = ConnectionPool.from_url(url, protocol=2, **options)
        self._patience = patience
        self._opened: Any = None  # redis-py's connection, which would close what it no longer has
        self._opening: asyncio.Task[bool] | None = None
        self._transport: asyncio.Transport | None = None
        self._asked: deque[tuple[float, asyncio.Future[bool | None]]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._rest = b""

    async def set_first(self, key: str, *, seconds: int) -> bool | None:
        """Set a key that is not there, for so long; tell whether it was set, or None if Redis does not answer."""
        if self._transport is None and not await self._is_open():
            return None
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bool | None] = loop.create_future()
        self._asked.append((loop.time(), answer))
        if self._watch is None:
            self._watch = loop.call_later(self._patience, self._look)
        name, life = key.encode(), b"%d" % seconds
        command = b"*6\r\n$3\r\nSET\r\n$%d\r\n%b\r\n$1\r\n1\r\n$2\r\nNX\r\n$2\r\nEX\r\n$%d\r\n%b\r\n"
        self._transport.write(command % (len(name), name, len(life), life))
        return await answer

    def data_received(self, data: bytes) -> None:
        """Hand answers to who waits for them."""
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            if not self._asked:  # never: nobody asked for this
                self._end()
                return
            _, answer = self._asked.popleft()
            _tell(answer, made=_ANSWERS.get(line))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell those who wait that nobody can tell."""
        self._end()

    async def _is_open(self) -> bool:
        """Open the line, once for all who want it now; tell whether it is open."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())
        return await asyncio.shield(self._opening)

    async def _open(self) -> bool:
        opened: Any = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await opened.connect()
        except (RedisError, OSError, TimeoutError) as down:
            log.error("redis cannot be reached: %s", type(down).__name__)
            return False
        finally:
            self._opening = None
        self._opened, self._rest = opened, b""
        self._transport = opened._writer.transport
        self._transport.set_protocol(self)
        return True

    def _look(self) -> None:
        """End a line on which somebody waits for too long."""
        self._watch = None
        if not self._asked:
            return
        left = self._asked[0][0] + self._patience - asyncio.get_running_loop().time()
        if left <= 0:
            self._end()
        else:
            self._watch = asyncio.get_running_loop().call_later(left, self._look)

    def _end(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
        while self._asked:
            _tell(self._asked.popleft()[1], made=None)


def _tell(answer: "asyncio.Future[bool | None]", *, made: bool | None) -> None:
    if not answer.done():  # whoever asked may be gone
        answer.set_result(made)

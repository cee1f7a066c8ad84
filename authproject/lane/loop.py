"""The site as an RSGI application: the lane in the server's event loop, and Django beside it in threads.

An endpoint runs in the loop as far as it needs memory alone and statements that many share. Where it would have to
block, Django's own guard raises SynchronousOnlyOperation, and the request is answered from its beginning in a thread:
nothing was written by then (what comes after a write is done aside, see trust.lib.waiting).
"""

import asyncio
import contextvars
import gc
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from functools import partial
from typing import Any, Final, TypeVar
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from authproject.lane import bridge
from authproject.lane.answering import Sent, answer, answer_here, of_middleware, request_of
from authproject.lane.gate import is_plain, is_sound
from authproject.lane.routes import ROUTES, Route
from authproject.lane.threads import Threads
from authproject.middleware.input_guard import declared_length, longest_body
from trust.lib.waiting import in_thread
from trust.lib.wire import Request
from trust.revocation.feed import FeedUnreadable, feed

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_AT_ONCE: Final = 8  # threads that compute, or wait for the database
_LOOK_EVERY: Final = 0.4  # seconds between looks at the revocation feed, while there is something to do


class Site:
    """The application: see `__rsgi__`."""

    def __init__(self, django: WSGIApplication, threads: Threads | None = None) -> None:
        """Keep Django, and ask its middleware once, before there is a loop that must not wait."""
        self._django = django
        of_middleware()
        self._threads = threads or Threads(at_once=_AT_ONCE, most=settings.THREADS)
        self._asked = False
        self._tasks: set[asyncio.Task[None]] = set()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with the worker: keep the revocation feed fresh, so that the loop seldom has to wait for it.

        What was loaded by now stays: the collector need not look through it again, which would stop the loop for a
        tenth of a second each time.
        """
        gc.collect()
        gc.freeze()
        self._tasks.add(loop.create_task(self._keep_fresh()))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        self._asked = True
        items = scope.headers.items()
        headers = dict(items)
        named_twice = len(headers) < len(items)
        if scope.authority:  # HTTP/2 names the host so
            headers.setdefault("host", scope.authority)
        route = ROUTES.get(scope.path)
        plain = (
            route is not None
            and not named_twice  # what is sent twice is for Django to join
            and is_plain(route, scope.method, scope.query_string, scope.scheme, headers)
        )
        try:
            body = await self._body(headers, protocol)
        except ProtocolClosed:  # whoever asked has gone
            return
        if route is not None and plain and is_sound(headers, body):
            peer = bridge.address_of(scope.client)
            sent = await self._answer(route, request_of(scope.method, scope.path, headers, body, peer=peer))
        else:
            of_django = await self._threads.run(partial(bridge.ask_for, self._django, scope, body))
            if isinstance(of_django, bridge.Streamed):
                await self._stream(of_django, protocol)
                return
            sent = of_django
        protocol.response_bytes(*sent)

    async def _stream(self, streamed: bridge.Streamed, protocol: Any) -> None:
        """Send a long answer as it is made; between two pieces its thread is there for others."""
        try:
            transport = protocol.response_stream(streamed.status, streamed.headers)
            while piece := await self._threads.run(streamed.next_piece):
                await transport.send_bytes(piece)
        except ProtocolClosed:  # whoever asked has gone
            return
        finally:
            await self._threads.run(streamed.close)

    async def _answer(self, route: Route, request: Request) -> Sent:
        try:
            return await Apart(answer(route, request))
        except SynchronousOnlyOperation:
            return await self._threads.run(partial(answer_here, route, request))

    async def _body(self, headers: Mapping[str, str], protocol: Any) -> bytes:
        """Return the body; nothing of one that is too long or does not say how long it is, which Django refuses."""
        length = declared_length(headers.get("content-length", "0"))
        if not length or length > longest_body():
            return b""
        body: bytes = await protocol()
        return body

    async def _keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if not self._asked:
                continue
            self._asked = False
            try:
                await in_thread(partial(feed.refresh, older_than=_LOOK_EVERY / 2))
            except FeedUnreadable:
                log.debug("who asks is told")


class Apart(Awaitable[Result]):
    """A coroutine in a context of its own, and empty: a server may run all requests in one, with one language."""

    def __init__(self, work: Coroutine[Any, Any, Result]) -> None:
        """Keep the coroutine."""
        self._work = work

    def __await__(self) -> Generator[Any, Any, Result]:
        """Run it, handing on what it waits for and what comes of that."""
        run = contextvars.Context().run
        advance: Callable[[], Any] = partial(run, self._work.send, None)
        while True:
            try:
                waited_for = advance()
            except StopIteration as done:
                result: Result = done.value
                return result
            try:
                advance = partial(run, self._work.send, (yield waited_for))
            except BaseException as thrown:  # noqa: BLE001 - whatever it is, it is the coroutine's
                advance = partial(run, self._work.throw, thrown)

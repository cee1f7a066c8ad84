"""Answering in the lane: the endpoint, in the request's language, with the headers that middleware would have given."""

import contextvars
import logging
import time
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from authproject import logs
from authproject.lane.routes import Route
from authproject.metrics import observe
from authproject.middleware.headers import request_id_of
from authproject.middleware.tracing import NOBODYS
from authproject.refusals import SERVER_ERROR, refusal_of
from trust.guard.endpoint import answered_or_refused
from trust.lib.origin import USER_AGENT_LENGTH, client_address
from trust.lib.settled import settled
from trust.lib.waiting import at_once, in_order
from trust.lib.wire import Request, Response

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
Sent = tuple[int, Headers, bytes]

# Of the answer itself, or of the request: never the same for all.
_OF_THE_ANSWER: Final = frozenset(
    {"content-type", "content-length", "cache-control", "vary", "content-language", "x-request-id"}
)


async def answer(route: Route, request: Request) -> Sent:
    """Return status, headers and body. Raises SynchronousOnlyOperation where an event loop would have to block."""
    started = time.perf_counter()
    language, ours = _language(request.headers.get("accept-language", ""))
    request_id = request_id_of(request.headers.get("x-request-id", ""))
    logs.request_id.set(request_id)
    if not ours:
        translation.activate(language)
    response = await _answered(route, request)
    content = response.content()
    observe(route.name, request.method, response.status, time.perf_counter() - started)
    return response.status, _headers(response, content, request_id, language), content


def answer_here(route: Route, request: Request) -> Sent:
    """Return status, headers and body, in a thread that may wait, and leave it as it was."""
    # In a context of its own: Django leaves the language of a request behind, in its thread.
    return in_order(partial(contextvars.Context().run, at_once, answer(route, request)))


def request_of(method: str, path: str, headers: Mapping[str, str], body: bytes, *, peer: str) -> Request:
    """Return a request that the gate let through; `peer` is the address that called."""
    return Request(
        method=method,
        path=path,
        headers=headers,
        body=body,
        client_address=client_address(peer, headers.get("x-forwarded-for", "")),
        user_agent=headers.get("user-agent", "")[:USER_AGENT_LENGTH],
    )


async def _answered(route: Route, request: Request) -> Response:
    try:
        return await answered_or_refused(route.endpoint(request))
    except SynchronousOnlyOperation:
        raise
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            log.exception("%s %s", request.method, request.path)
        else:
            log.warning("%s %s: %s", refusal.status, request.path, type(error).__name__)
        return (refusal or SERVER_ERROR).response()


def _headers(response: Response, content: bytes, request_id: str, language: str) -> Headers:
    own = tuple(response.headers.items())
    fixed = _fixed(own, response.content_type() or "")
    of_this = [("Content-Length", str(len(content))), ("Content-Language", language), ("X-Request-ID", request_id)]
    return [*fixed, *of_this]


@lru_cache(1024)
def _fixed(own: tuple[tuple[str, str], ...], content_type: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of all answers that say the same of themselves."""
    headers = {**of_middleware(), "Cache-Control": "no-store", **dict(own)}
    if content_type:
        headers["Content-Type"] = content_type
    # The language of the request counts too, beside what the endpoint says.
    headers["Vary"] = ", ".join([*filter(None, [headers.get("Vary")]), "Accept-Language"])
    return tuple(headers.items())


@settled(256)
def _language(accepted: str) -> tuple[str, bool]:
    """Return the language that LocaleMiddleware would choose for a request without a cookie, and if it is ours."""
    language = _chosen(accepted)
    return language, language == settings.LANGUAGE_CODE


def _chosen(accepted: str) -> str:
    for wanted, _quality in parse_accept_lang_header(accepted):
        if wanted == "*":
            break
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return translation.get_supported_language_variant(settings.LANGUAGE_CODE)


class _Nothing(BaseHandler):
    """Django's middleware around an empty answer."""

    def _get_response(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"")


@lru_cache(1)
def of_middleware() -> dict[str, str]:
    """Return the headers that are the same on every answer, as the middleware itself gives them."""
    handler: Any = _Nothing()
    handler.load_middleware()
    host = next((host.removeprefix(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    headers = {"host": host, "x-forwarded-proto": "https"}
    ours: dict[str, Any] = {NOBODYS: True}
    factory = RequestFactory(**ours)
    request = factory.get("/oauth/token", secure=settings.SECURE_SSL_REDIRECT, headers=headers)
    # In a context of its own: it leaves a language and the id of a request behind.
    given: Mapping[str, str] = contextvars.copy_context().run(handler.get_response, request).headers
    return {name: value for name, value in given.items() if name.lower() not in _OF_THE_ANSWER}

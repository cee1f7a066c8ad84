"""The span of a request, by the semantic conventions of HTTP servers, and no more of them than is nobody's secret.

Left out though the conventions name them: the path and the query, which hold the keys of links and codes; the user
agent; the text of an exception. The client's address is the one that limits count (TRUSTED_PROXY_COUNT).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection
from opentelemetry import context, propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from authproject import logs
from authproject.metrics.conf import METHODS
from authproject.tracing.provider import tracer
from authproject.tracing.statements import watched

_OTHER: Final = "_OTHER"
_SERVER_ERROR: Final = 500


@dataclass(slots=True)
class RequestSpan:
    """A span that is under way, and the method that it was begun with."""

    span: Span
    method: str
    is_dropped: bool = False

    def answered(self, status: int, *, name: str, route: str = "") -> None:
        """Say how the request was answered: by the route of this name and pattern, if it had one."""
        if route:
            self.span.update_name(f"{self.method} {route}")
            self.span.set_attribute("http.route", route)
        self.span.set_attribute("authproject.route", name)
        self.span.set_attribute("authproject.request_id", logs.request_id.get())
        self.span.set_attribute("http.response.status_code", status)
        if status >= _SERVER_ERROR:
            self.span.set_attribute("error.type", str(status))
            self.span.set_status(StatusCode.ERROR)

    def drop(self) -> None:
        """Forget the span: the request is answered from its beginning elsewhere."""
        self.is_dropped = True


@contextmanager
def request_span(method: str, headers: Mapping[str, str], *, address: str, scheme: str) -> Iterator[RequestSpan]:
    """Make a span of a request, in the trace that `headers` name (W3C Trace Context), if they name one."""
    known = method if method in METHODS else _OTHER
    attributes = {"http.request.method": known, "url.scheme": scheme, "client.address": address}
    parent = propagate.extract(headers)
    span = tracer().start_span(known, context=parent, kind=SpanKind.SERVER, attributes=attributes)
    begun = RequestSpan(span, known)
    ids = span.get_span_context()
    logs.trace.set((trace.format_trace_id(ids.trace_id), trace.format_span_id(ids.span_id)))
    token = context.attach(trace.set_span_in_context(span))
    try:
        with connection.execute_wrapper(watched):
            yield begun
    finally:
        context.detach(token)
        if not begun.is_dropped:
            span.end()

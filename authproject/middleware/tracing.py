"""A span for each of Django's answers, where traces are on; what the fast lane answers, it traces itself."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.contrib.admindocs.views import simplify_regex
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from authproject import tracing
from authproject.middleware.metrics import route_of
from trust.lib.origin import origin_of

_CONVERTER: Final = re.compile(r"<\w+:")
NOBODYS: Final = "authproject.nobodys"  # in the environ of a request that we ask of ourselves


class TracingMiddleware:
    """Stands before all others, so that a span has the time that all of them took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after. Raises MiddlewareNotUsed where traces are off: then nothing stands here."""
        if not tracing.is_on():
            raise MiddlewareNotUsed
        from authproject.tracing.spans import request_span

        self.get_response = get_response
        self._request_span = request_span

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, in a span that is named by its route."""
        if NOBODYS in request.META:
            return self.get_response(request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        address = origin_of(request).client_address
        with self._request_span(request.method or "", headers, address=address, scheme=request.scheme or "") as span:
            response = self.get_response(request)
            found = request.resolver_match
            route = _readable(found.route) if found and found.route else ""
            span.answered(response.status_code, name=route_of(request, response), route=route)
            return response


@lru_cache(512)
def _readable(pattern: str) -> str:
    """Return the pattern of a route as one reads it: what differs becomes a name in angle brackets."""
    may_end_with_slash = pattern.endswith(("/?$", "/?"))
    readable = _CONVERTER.sub("<", simplify_regex(pattern))
    return readable.removesuffix("/") if may_end_with_slash else readable

"""Counts Django's answers. What the fast lane answers before Django, it counts itself."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from authproject.metrics.recorder import IN_PROGRESS, recorder

UNKNOWN: Final = "unknown"  # an address that nobody has, and whatever was refused before its address was looked at
UNNAMED: Final = "unnamed"
STATIC: Final = "static"


class MetricsMiddleware:
    """Stands outermost, so that it counts refusals too, with the time that all layers took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, and count the answer."""
        begun = time.perf_counter()
        recorder.add((IN_PROGRESS,))
        try:
            response = self.get_response(request)
        finally:
            recorder.add((IN_PROGRESS,), -1.0)
        recorder.observe(
            route_of(request, response), request.method or "", response.status_code, time.perf_counter() - begun
        )
        return response


def route_of(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return the name of the URL pattern: names are few, paths are without number and may tell of persons."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name if request.resolver_match.url_name else UNNAMED
    is_static = request.path_info.startswith(settings.STATIC_URL or "\n") and response.status_code < 400
    return STATIC if is_static else UNKNOWN

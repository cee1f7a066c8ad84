"""Probes and scrapers call by address, not by our name: they are answered before anything asks for the Host header."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

_PROBES: Final = ("/health/", "/metrics")


class ProbeMiddleware:
    """Answers what urls.py has under these, without the layers that follow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        if not request.path_info.startswith(_PROBES):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = found
        response: HttpResponseBase = found.func(request)
        return response

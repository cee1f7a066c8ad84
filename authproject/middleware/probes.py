"""Probes call by address, not by our name: health answers before anything asks for the Host header."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve


class ProbeMiddleware:
    """Answers what urls.py has under /health/ without the layers that follow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        if not request.path_info.startswith("/health/"):
            return self.get_response(request)
        try:
            probe = resolve(request.path_info).func
        except Resolver404:
            return self.get_response(request)
        response: HttpResponseBase = probe(request)
        return response

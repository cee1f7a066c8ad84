"""Refusals raised by views become answers here, so that Django does not log them as bugs."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from authproject.refusals import refusal_of
from authproject.views.errors import render_refusal

log = logging.getLogger(__name__)


class RefusalMiddleware:
    """Turns an exception that is a refusal into its page, or into JSON where programs ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; what is refused before its language is known speaks its own, not the last one's."""
        translation.activate(translation.get_language_from_request(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal; what another middleware raises comes to views.errors.server_error instead."""
        refusal = refusal_of(exception)
        if refusal is None:
            return None
        if isinstance(exception, DatabaseError | InterfaceError):
            log.warning("%s %s: %s", refusal.status, request.path, type(exception).__name__, exc_info=exception)
        return render_refusal(request, refusal)

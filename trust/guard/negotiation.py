"""In which form DRF's views answer: where there is one form, and it is what was asked for, nothing is negotiated."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class ContentNegotiation(DefaultContentNegotiation):
    """DRF's, which compares what is accepted with what there is, each time (RFC 9110 section 12.5.1)."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer and its media type. Raises NotAcceptable."""
        only, *others = renderers
        meta = request._request.META
        is_plain = not (others or format_suffix or meta.get("QUERY_STRING"))  # a query may name a format
        if is_plain and meta.get("HTTP_ACCEPT", "*/*") in ("*/*", only.media_type):
            return only, str(only.media_type)
        chosen: Any = super().select_renderer(request, [only, *others], format_suffix)
        return chosen[0], chosen[1]

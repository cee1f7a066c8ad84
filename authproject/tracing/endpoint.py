"""A machine endpoint whose requests are spans, as the lane mounts it."""

import functools

from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation

from authproject.refusals import refusal_of
from authproject.tracing.provider import tracer
from authproject.tracing.spans import request_span
from trust.guard.endpoint import answered_or_refused
from trust.lib.wire import Endpoint, Request, Response


def traced(endpoint: Endpoint, *, name: str, path: str) -> Endpoint:
    """Return an endpoint that answers as before. The lane takes nothing but what the issuer's scheme is."""
    tracer()  # what cannot be had is refused at the start
    scheme = "https" if settings.HTTPS else "http"

    @functools.wraps(endpoint)
    async def answered(request: Request) -> Response:
        with request_span(request.method, request.headers, address=request.client_address, scheme=scheme) as span:
            try:
                response = await answered_or_refused(endpoint(request))
            except SynchronousOnlyOperation:
                span.drop()
                raise
            except Exception as error:
                refusal = refusal_of(error)
                span.answered(refusal.status if refusal else 500, name=name, route=path)
                raise
            span.answered(response.status, name=name, route=path)
            return response

    return answered

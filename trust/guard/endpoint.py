"""A machine endpoint, written against trust.lib.wire, mounted as a Django view."""

from collections.abc import Awaitable, Callable, Collection

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from trust.guard.refusal import Refusal
from trust.guard.refusal_of import refusal_of
from trust.lib.origin import origin_of
from trust.lib.waiting import at_once
from trust.lib.wire import Endpoint, Request, Response

DjangoView = Callable[..., HttpResponse]


def django_view(endpoint: Endpoint, *, methods: Collection[str] = ("POST",)) -> DjangoView:
    """Return the Django view of an endpoint. It acts on no cookie's authority, hence no CSRF check.

    What a pattern finds in the path is the endpoint's own to read there.
    """

    @csrf_exempt
    def view(request: HttpRequest, **_found: str) -> HttpResponse:
        if request.method in methods:
            return answer(endpoint, request)
        refused = _sent(Refusal(status=405, code="method_not_allowed").response())
        refused.headers["Allow"] = ", ".join(sorted(methods))  # RFC 9110 section 15.5.6
        return refused

    return view


def answer(endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
    """Ask the endpoint and return what it answers or how it refuses."""
    return _sent(at_once(answered_or_refused(_asked(endpoint, request))))


async def _asked(endpoint: Endpoint, request: HttpRequest) -> Response:
    return await endpoint(request_of(request))


async def answered_or_refused(asked: Awaitable[Response]) -> Response:
    """Return what an endpoint answers, or how it refuses. A bug is raised on, for Django to log."""
    try:
        return await asked
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return refusal.response()


def request_of(request: HttpRequest) -> Request:
    """Return the request as endpoints see it. Raises what Django raises for a body that cannot be read."""
    origin = origin_of(request)
    return Request(
        method=request.method or "",
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.META.get("QUERY_STRING", ""),
        body=request.body,
        client_address=origin.client_address,
        user_agent=origin.user_agent,
    )


def _sent(response: Response) -> HttpResponse:
    sent = HttpResponse(response.content(), status=response.status, content_type=response.content_type())
    if response.content_type() is None:
        del sent.headers["Content-Type"]
    for name, value in response.headers.items():
        sent.headers[name] = value
    sent.headers.setdefault("Cache-Control", "no-store")
    return sent

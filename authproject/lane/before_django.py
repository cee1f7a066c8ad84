"""The lane before a WSGI application: for granian, gunicorn, or whatever else serves authproject.wsgi."""

from collections.abc import Iterable
from http.client import responses
from io import BytesIO
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from authproject.lane.answering import answer_here, request_of
from authproject.lane.gate import is_plain, is_sound
from authproject.lane.routes import ROUTES

_PREFIX: Final = len("HTTP_")
# Written with an underscore, which is no header of ours; the true ones have keys without a prefix.
_MISNAMED: Final = frozenset({"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"})


class BeforeDjango:
    """Answers what the lane takes, and passes the rest on."""

    def __init__(self, django: WSGIApplication) -> None:
        """Keep the application."""
        self._django = django

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        route = ROUTES.get(environ["PATH_INFO"])
        if route is None or not _MISNAMED.isdisjoint(environ):
            return self._django(environ, start_response)
        headers = _headers(environ)
        method, query, scheme = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", ""), environ["wsgi.url_scheme"]
        if not is_plain(route, method, query, scheme, headers):
            return self._django(environ, start_response)
        body = _body(environ, headers)
        if not is_sound(headers, body):
            return self._django(environ, start_response)
        request = request_of(method, environ["PATH_INFO"], headers, body, peer=environ.get("REMOTE_ADDR", ""))
        status, sent, content = answer_here(route, request)
        start_response(f"{status} {responses.get(status, '')}", sent)
        return [content]


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    headers = {
        name[_PREFIX:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
    }
    for name, header in (("CONTENT_TYPE", "content-type"), ("CONTENT_LENGTH", "content-length")):
        if environ.get(name):
            headers[header] = environ[name]
    return headers


def _body(environ: WSGIEnvironment, headers: dict[str, str]) -> bytes:
    """Read the body, and leave it to be read again."""
    length = int(headers.get("content-length", "0"))
    if not length:
        return b""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body

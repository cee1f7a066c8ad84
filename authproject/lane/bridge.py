"""A request of RSGI for a WSGI application: how Django, which waits, is asked from an event loop, in a thread."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

Answer = tuple[int, list[tuple[str, str]], bytes]


class Scope(Protocol):
    """The head of a request, as RSGI has it."""

    method: str
    path: str
    query_string: str
    scheme: str
    client: str
    server: str
    http_version: str
    authority: str | None
    headers: Any


_OWN: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """Return the environ of a request (PEP 3333)."""
    name, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI has the bytes of the path as latin-1.
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": address_of(scope.client),
        "SERVER_NAME": name or "localhost",
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": _Silent(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope.headers.items():
        _add(environ, header.lower(), value)
    # HTTP/2 names the host otherwise. Who names none is not taken to mean the address that we listen on.
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ


def _add(environ: WSGIEnvironment, header: str, value: str) -> None:
    if "_" in header:  # would pass for one with a dash, such as X-Forwarded-For, which proxies are trusted with
        return
    key = _OWN.get(header) or f"HTTP_{header.upper().replace('-', '_')}"
    if key not in environ:
        environ[key] = value
    elif header != "content-length":
        environ[key] = f"{environ[key]}{'; ' if header == 'cookie' else ','}{value}"


def address_of(client: str) -> str:
    """Return the address of `address:port`."""
    return client.rpartition(":")[0].strip("[]")


def ask_for(application: WSGIApplication, scope: Scope, body: bytes) -> Answer:
    """Run a WSGI application for a request of RSGI."""
    return ask(application, environ_of(scope, body))


def ask(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Run a WSGI application and return its whole answer."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return _no_write

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    status, headers = begun[-1]
    return int(status.partition(" ")[0]), headers, body


def _no_write(data: bytes) -> None:
    raise NotImplementedError("Django returns what it has to say")


class _Silent:
    """`wsgi.errors`: Django logs by itself."""

    def write(self, text: str) -> None:
        """Drop the text."""

    def writelines(self, lines: list[str]) -> None:
        """Drop the lines."""

    def flush(self) -> None:
        """Do nothing."""

"""A request of RSGI for a WSGI application: how Django, which waits, is asked from an event loop, in a thread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

Answer = tuple[int, list[tuple[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is longer than one wants to hold: its pieces are made one by one, each in whichever thread."""

    status: int
    headers: list[tuple[str, str]]
    pieces: Iterator[bytes]
    close: Callable[[], object]

    def next_piece(self) -> bytes:
        """Return the next piece, and nothing at the end."""
        return next(filter(None, self.pieces), b"")


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


def ask_for(application: WSGIApplication, scope: Scope, body: bytes) -> Answer | Streamed:
    """Run a WSGI application for a request of RSGI."""
    return ask(application, environ_of(scope, body))


def ask(application: WSGIApplication, environ: WSGIEnvironment) -> Answer | Streamed:
    """Run a WSGI application; return its whole answer, unless Django streams one that says no length."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return _no_write

    parts = application(environ, start_response)
    close: Callable[[], object] = getattr(parts, "close", _nothing)
    if getattr(parts, "streaming", False) and not any(name.lower() == "content-length" for name, _ in begun[-1][1]):
        status, headers = begun[-1]
        return Streamed(int(status.partition(" ")[0]), headers, iter(parts), close)
    try:
        body = b"".join(parts)
    finally:
        close()
    status, headers = begun[-1]
    return int(status.partition(" ")[0]), headers, body


def _nothing() -> None:
    """Do nothing: the answer has nothing to close."""


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

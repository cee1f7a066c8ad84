"""A client's own web server on loopback: publishes keys, request objects and lists, and takes logout tokens in."""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from tests.loopback import Server, saying

_PATIENCE: Final = 20.0  # seconds
_NOT_THERE: Final = saying(b"", status="404 Not Found")


@dataclass(frozen=True)
class Received:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


class ClientSite:
    """Serves what is published at a path, and keeps what it was sent."""

    def __init__(self) -> None:
        self._server = Server(self._answer)
        self._documents: dict[str, Any] = {}
        self.url = f"http://127.0.0.1:{self._server.port}"

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.__exit__()

    def publish(self, path: str, document: object, **headers: str) -> str:
        """Serve bytes or a text as they are, or anything else as JSON; return its address."""
        if not isinstance(document, bytes | str):
            document = json.dumps(document)
        self._documents[path] = saying(document.encode() if isinstance(document, str) else document, **headers)
        return self.url + path

    def stall(self, path: str, seconds: float) -> None:
        """Answer a path late."""

        def late(connection: socket.socket, request: bytes) -> None:
            time.sleep(seconds)
            saying(b"")(connection, request)

        self._documents[path] = late

    def received(self, path: str) -> list[Received]:
        """Return what came to a path so far."""
        came = [_read(request) for request in list(self._server.requests)]
        return [one for one in came if one.path == path]

    def wait_for(self, path: str, count: int = 1, *, meanwhile: Callable[[], None] = lambda: None) -> list[Received]:
        """Return what came to a path, once it is so many; do something again and again meanwhile."""
        deadline = time.monotonic() + _PATIENCE
        while len(came := self.received(path)) < count:
            assert time.monotonic() < deadline, f"only {len(came)} came to {path}"
            meanwhile()
            time.sleep(0.05)
        return came

    def _answer(self, connection: socket.socket, request: bytes) -> None:
        self._documents.get(_read(request).path, _NOT_THERE)(connection, request)


def _read(request: bytes) -> Received:
    head, _, body = request.decode().partition("\r\n\r\n")
    line, *lines = head.split("\r\n")
    method, path, _version = line.split(" ")
    headers = {name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
    return Received(method, path.partition("?")[0], headers, dict(parse_qsl(body, keep_blank_values=True)))

"""HTTP requests as values: the bench checks each with its own eyes before it leaves it to the load driver."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

HOST: Final = "id.example.com"
# As one proxy in front would have it, for all alike.
_EVERY: Final = {
    "Host": HOST,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.1",
    "User-Agent": "bench/1.0",
    "Accept": "application/json",
}


@dataclass(frozen=True)
class Request:
    """A request to any of the systems."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def all_headers(self) -> dict[str, str]:
        """Its headers with those that every request has."""
        return _EVERY | dict(self.headers)

    def write(self, path: Path) -> None:
        """Leave it for the scripts of the driver: bench/lua/report.lua reads it."""
        lines = [f"{self.method} {self.path}", *(f"{name}: {value}" for name, value in self.all_headers.items())]
        path.write_text("\n".join(lines) + "\n\n" + self.body, encoding="utf-8")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the JSON of the body."""
        return json.loads(self.body)


def get(path: str, token: str = "") -> Request:
    """Return a GET, with a bearer token if there is one."""
    return Request("GET", path, {"Authorization": f"Bearer {token}"} if token else {})


def form(path: str, members: Mapping[str, str]) -> Request:
    """Return a POST of a form."""
    return Request("POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(members))


def json_post(path: str, members: Mapping[str, object]) -> Request:
    """Return a POST of JSON."""
    return Request("POST", path, {"Content-Type": "application/json"}, json.dumps(members))


def call(url: str, request: Request, *, timeout: float = 60) -> Answer:
    """Send a request and return the answer, whatever its status."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    try:
        body = request.body.encode() or None
        connection.request(request.method, request.path, body, request.all_headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read())
    finally:
        connection.close()

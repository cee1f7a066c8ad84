"""The site asked without a server: by Django alone, with the lane in front, and by the event loop."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test.client import ClientHandler

from authproject.lane import bridge
from authproject.lane.before_django import BeforeDjango
from authproject.lane.loop import Site
from authproject.lane.threads import Threads
from authproject.middleware.charset import CharsetGuard
from authproject.middleware.environ import EnvironGuard
from trust.lib import gathering

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire; names of headers are in lower case, as servers hand them on."""

    path: str
    method: str = "GET"
    query: str = ""
    headers: Headers = (("host", "testserver"),)
    body: bytes = b""
    scheme: str = "http"
    http_version: str = "1.1"
    authority: str | None = None
    client: str = "127.0.0.1:50000"

    def by(self, **headers: str) -> "Asked":
        """Return the request with further headers, or others of these names."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = tuple((name, value) for name, value in self.headers if name not in named)
        return Asked(**{**vars(self), "headers": (*kept, *named.items())})

    def but(self, **changed: Any) -> "Asked":
        """Return the request with something else in it."""
        return Asked(**{**vars(self), **changed})


@dataclass(frozen=True)
class Told:
    """An answer, and whether Django's own handler gave it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    by_django: bool = False

    def __getitem__(self, name: str) -> str:
        return next(value for known, value in self.headers if known.lower() == name.lower())

    def json(self) -> Any:
        """Return what the body says."""
        return json.loads(self.body)


def get(path: str, **headers: str) -> Asked:
    """Return a GET."""
    return Asked(path).by(**headers)


def post(path: str, body: bytes, content_type: str = FORM, **headers: str) -> Asked:
    """Return a POST that says how long its body is."""
    said = Asked(path, "POST", body=body).by(content_type=content_type, content_length=str(len(body)))
    return said.by(**headers)


def post_form(path: str, form: dict[str, str], **headers: str) -> Asked:
    """Return a POST of a form."""
    return post(path, urlencode(form).encode(), FORM, **headers)


def environ_of(asked: Asked) -> dict[str, Any]:
    """Return the environ of a request, as a server of WSGI makes it."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": asked.method, "SCRIPT_NAME": "", "QUERY_STRING": asked.query,
        "PATH_INFO": asked.path.encode().decode("latin-1"), "REMOTE_ADDR": asked.client.rpartition(":")[0],
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": f"HTTP/{asked.http_version}",
        "wsgi.version": (1, 0), "wsgi.url_scheme": asked.scheme, "wsgi.input": BytesIO(asked.body),
        "wsgi.errors": BytesIO(), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    authority = () if asked.authority is None else (("host", asked.authority),)
    for name, value in (*authority, *asked.headers):
        if "_" in name:  # dropped by servers that know of the trick
            continue
        prefix = "" if name in {"content-type", "content-length"} else "HTTP_"
        key = prefix + name.upper().replace("-", "_")
        joined = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}" if key in environ else value
        environ[key] = joined
    return environ


class Django:
    """Django as it stands behind the lane, with the middleware that the settings ask for now."""

    def __init__(self) -> None:
        self._application: WSGIApplication = EnvironGuard(CharsetGuard(WSGIHandler()))
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self._application(environ, start_response)


def through_django(asked: Asked, django: Django | None = None) -> Told:
    """Ask Django alone."""
    return _told(django or Django(), asked, by_django=True)


def through_lane(asked: Asked, django: Django | None = None) -> Told:
    """Ask the lane before a WSGI application."""
    behind = django or Django()
    before = behind.asked
    answer = _told(BeforeDjango(behind), asked, by_django=False)
    return Told(answer.status, answer.headers, answer.body, by_django=behind.asked > before)


def _told(application: WSGIApplication, asked: Asked, *, by_django: bool) -> Told:
    return Told(*bridge.ask(application, environ_of(asked)), by_django)


class HeadersOfRsgi:
    """What granian hands on: pairs, in their order, repeated ones too."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def items(self) -> list[tuple[str, str]]:
        return list(self._headers)


@dataclass
class Scope:
    """The head of a request, as RSGI has it."""

    asked: Asked
    server: str = "testserver:80"
    headers: Any = None

    def __post_init__(self) -> None:
        self.headers = HeadersOfRsgi(self.asked.headers)
        for name in ("method", "path", "scheme", "client", "http_version", "authority"):
            setattr(self, name, getattr(self.asked, name))
        self.query_string = self.asked.query


@dataclass
class Protocol:
    """The other end of a request: hands out the body, and takes one answer."""

    body: bytes = b""
    reads: int = 0
    broken_by: BaseException | None = None
    answers: list[Told] = field(default_factory=list)

    async def __call__(self) -> bytes:
        self.reads += 1
        await asyncio.sleep(0)
        if self.broken_by is not None:
            raise self.broken_by
        return self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append(Told(status, headers, body))


class WatchedThreads(Threads):
    """The threads of a site, and how often they were asked."""

    def __init__(self) -> None:
        super().__init__(at_once=8, most=settings.THREADS)
        self.asked = 0

    def run(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        self.asked += 1
        return super().run(work)


class WatchedSite(Site):
    """The site, with threads that count."""

    def __init__(self, django: WSGIApplication) -> None:
        self.threads = WatchedThreads()
        super().__init__(django, self.threads)

    async def asked(self, asked: Asked) -> Told:
        """Ask once."""
        protocol = Protocol(asked.body)
        await self.__rsgi__(Scope(asked), protocol)
        (answer,) = protocol.answers
        return answer


def through_loop(*asked: Asked, django: Django | None = None) -> list[Told]:
    """Ask the site in an event loop, all at once."""
    behind = django or Django()
    before = behind.asked
    answers = in_loop(lambda site: asyncio.gather(*(site.asked(one) for one in asked)), behind)
    by_django = behind.asked > before
    return [Told(told.status, told.headers, told.body, by_django) for told in answers]


def through_loop_in_turn(*asked: Asked) -> list[Told]:
    """Ask one after another in the same loop."""

    async def work(site: WatchedSite) -> list[Told]:
        return [await site.asked(one) for one in asked]

    answers: list[Told] = in_loop(work)
    return answers


def in_loop(work: Callable[[WatchedSite], Any], django: WSGIApplication | None = None) -> Any:
    """Do what needs a running site, and leave no connection behind."""
    site = WatchedSite(django or Django())
    with unkept_connections():
        try:
            return asyncio.run(_worked(site, work))
        finally:
            site.threads.shutdown()


async def _worked(site: WatchedSite, work: Callable[[WatchedSite], Any]) -> Any:
    try:
        return await work(site)
    finally:
        await gathering.close()


@contextmanager
def unkept_connections() -> Any:
    """Let every thread close its connection after each request: what is left open outlives the test's database."""
    kept = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = 0
    try:
        yield
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = kept


@pytest.fixture
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How requests of Django's test clients come to the site: to Django itself, or to the lane before it."""
    if request.param == "lane":
        monkeypatch.setattr("django.test.client.ClientHandler", LaneHandler)
    named: str = request.param
    return named


def ask_both_ways(metafunc: pytest.Metafunc, *modules: str) -> None:
    """Run the tests of some modules twice: what they ask for is answered by Django and by the lane."""
    if metafunc.definition.path.stem in modules:
        metafunc.fixturenames.insert(0, "way")
        metafunc.parametrize("way", ("django", "lane"), indirect=True)


class LaneHandler(ClientHandler):
    """The handler of a test's client whose requests come to the lane first, as those of a server do."""

    def __call__(self, environ: dict[str, Any]) -> Any:
        _as_a_server_says_it(environ)
        passed_on: list[Any] = []
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def django(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            passed_on.append(super(LaneHandler, self).__call__(environ))
            return []

        content = b"".join(BeforeDjango(django)(environ, lambda *said: begun.append(said[:2])))
        return passed_on[0] if passed_on else _response(environ, *begun[0], content)


def _as_a_server_says_it(environ: dict[str, Any]) -> None:
    """Name the host, and no cookies where there are none, which Django's client leaves to whoever looks."""
    environ.setdefault("HTTP_HOST", environ["SERVER_NAME"])
    if not environ.get("HTTP_COOKIE"):
        environ.pop("HTTP_COOKIE", None)


def _response(environ: dict[str, Any], status: str, headers: list[tuple[str, str]], content: bytes) -> HttpResponse:
    response = HttpResponse(content, status=HTTPStatus(int(status.split(" ")[0])), headers=dict(headers))
    if "Content-Type" not in dict(headers):
        del response.headers["Content-Type"]
    response.wsgi_request = WSGIRequest(environ)  # type: ignore[attr-defined]
    response.is_of_lane = True  # type: ignore[attr-defined]
    return response

"""The same request from the same state is answered alike by Django, by the lane before it, and by the event loop."""

import json

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import Http404, UnreadablePostError
from django.urls import re_path

from authproject.lane import answering
from authproject.lane.routes import ROUTES, Route
from tests.authproject.lane.cases import BOTH, CASES, LANE, LOOP, NOBODY, Case, api, token
from tests.broken_database import broken_database
from tests.lane import Django, get, post, through_django, through_lane, through_loop
from trust.guard.endpoint import django_view
from trust.lib.busy import Busy
from trust.limits import failures
from trust.limits.errors import LimitExceeded
from trust.revocation.feed import FeedUnreadable

pytestmark = pytest.mark.django_db(transaction=True)

TOKENS = ("access_token", "refresh_token", "id_token", "access", "refresh")
OF_THE_MOMENT = ("jti", "iat", "exp", "auth_time")


@pytest.fixture(scope="module")
def django():
    return Django()


def ask(way, case, world, django):
    """Ask from a state that nobody asked from before; return the request and its answer."""
    failures.forget()
    cache.clear()
    asked = case.make(world)
    ways = {
        "django": lambda: through_django(asked, django),
        LANE: lambda: through_lane(asked, django),
        LOOP: lambda: through_loop(asked, django=django)[0],
    }
    return asked, ways[way]()


def said(told, asked):
    """Return what must be the same: but for ids that nobody gave, tokens and references, which are new each time."""
    named = {name.lower(): value for name, value in told.headers}
    assert len(named) == len(told.headers), f"a header twice: {told.headers}"
    assert "content-length" not in named or named["content-length"] == str(len(told.body))
    if named.get("x-request-id") != dict(asked.headers).get("x-request-id"):
        named.pop("x-request-id", None)
    named.pop("content-length", None)
    named.pop("allow", None)  # DRF says so with every answer, and nobody asked
    if told.status == 429:
        assert 0 < int(named.pop("retry-after")) <= 60
    return told.status, named, masked(told.body, named.get("content-type", ""))


def masked(body, content_type):
    if "json" not in content_type:
        return body
    members = json.loads(body)
    for name in members:
        if name in TOKENS:
            members[name] = f"a token of {members[name].count('.')} dots"
        elif name in OF_THE_MOMENT:
            members[name] = type(members[name])
        elif name == "error_uri":
            members[name] = members[name].rpartition("/")[0]
    return members


@pytest.mark.parametrize("name", CASES)
def test_all_ways_answer_alike(name, world, django, as_in_production):
    check(CASES[name], world, django)


def check(case, world, django):
    """Ask the three ways, compare, and return the answers."""
    asked, told = zip(*(ask(way, case, world, django) for way in ("django", LANE, LOOP)), strict=True)
    by_django, by_lane, in_loop = map(said, told, asked)

    assert told[0].status == case.status, told[0].body
    assert by_lane == by_django
    assert in_loop == by_django
    assert {way for way, answer in zip((LANE, LOOP), told[1:], strict=True) if not answer.by_django} == case.taken_by
    return told


@pytest.fixture
def behind_a_proxy(settings, world):
    """A site on HTTPS, whose proxy says so."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, settings.TRUSTED_PROXY_COUNT = True, 3600, 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    forget_the_headers()
    yield Django()
    forget_the_headers()


def forget_the_headers():
    answering.of_middleware.cache_clear()
    answering._fixed.cache_clear()


@pytest.mark.parametrize(
    ("headers", "status", "takers"),
    [
        ({"x_forwarded_proto": "https", "x_forwarded_for": "203.0.113.7"}, 401, BOTH),
        ({"x_forwarded_proto": "https, http"}, 401, NOBODY),
        ({"x_forwarded_proto": "http"}, 301, NOBODY),
        ({}, 301, NOBODY),
    ],
)
def test_all_ways_speak_https_alike(headers, status, takers, world, behind_a_proxy):
    case = Case(lambda world: get("/oauth/userinfo", **headers), status, takers)
    answers = check(case, world, behind_a_proxy)

    for told in answers:
        assert ("Strict-Transport-Security" in dict(told.headers)) == (status == 401)


@pytest.mark.parametrize("allowed", [["testserver"], [".testserver"], ["*"], [".example", "testserver"]])
def test_the_headers_do_not_depend_on_how_hosts_are_named(allowed, settings, world):
    settings.ALLOWED_HOSTS = allowed
    forget_the_headers()

    check(Case(lambda world: get("/oauth/jwks"), 200), world, Django())


@pytest.mark.parametrize(
    "make",
    [
        lambda world: token(),
        lambda world: token(origin="https://app.example", accept_language="ko"),
        lambda world: world.refresh(token="a.b.c"),
        lambda world: api("refresh", {"refresh": world.session_token()}),
        lambda world: get("/oauth/userinfo", authorization=world.bearer()),
        lambda world: get("/oauth/jwks"),
    ],
)
def test_all_ways_say_alike_that_the_database_is_down(make, world, django):
    asked = make(world)
    with broken_database():
        answers = check(Case(lambda world: asked, 503), world, django)

    assert {told["Retry-After"] for told in answers} == {"2"}


def test_all_ways_say_alike_that_revocations_cannot_be_known(world, django):
    through_django(asked := get("/oauth/userinfo", authorization=world.bearer(), origin="https://app.example"), django)
    with broken_database():
        answers = check(Case(lambda world: asked, 503), world, django)

    assert {told["Retry-After"] for told in answers} == {"2"}


RAISED = {}  # by the endpoint below, which stands in the place of the keys


async def raising(request):
    raise RAISED["now"]


urlpatterns = [re_path(r"^oauth/jwks/?$", django_view(raising))]
handler400, handler403 = "authproject.views.errors.bad_request", "authproject.views.errors.permission_denied"
handler404, handler500 = "authproject.views.errors.page_not_found", "authproject.views.errors.server_error"


@pytest.fixture
def raising_site(settings, monkeypatch, world):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setitem(ROUTES, "/oauth/jwks", Route("jwks", raising, frozenset({"POST"})))
    return Django()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FeedUnreadable(), 503), (Busy(2), 503), (OperationalError("inside"), 503), (LimitExceeded(3), 429),
        (DataError("inside"), 400), (UnicodeEncodeError("utf-8", "x", 0, 1, "inside"), 400), (OverflowError(), 400),
        (UnreadablePostError("inside"), 400), (RequestDataTooBig("inside"), 413), (Http404("inside"), 404),
        (PermissionDenied("inside"), 403), (KeyError("inside"), 500), (RuntimeError("inside"), 500),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("language", ["ko", "en"])
def test_all_ways_say_alike_what_was_raised_and_no_more(error, status, language, world, raising_site, caplog):
    RAISED["now"] = error
    asked = post("/oauth/jwks", b"", accept_language=language)
    answers = check(Case(lambda world: asked, status), world, raising_site)

    assert not any(b"inside" in told.body for told in answers)
    logged = [record.exc_info[1] for record in caplog.records if record.levelname == "ERROR" and record.exc_info]
    assert logged == ([error] * 3 if status == 500 else [])

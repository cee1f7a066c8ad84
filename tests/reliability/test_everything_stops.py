"""What a person or the house ends stops everywhere: browser sessions, JSON tokens and OAuth tokens, in each process."""

import http.client
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as deployment
from django.test import Client as Browser

from accounts.models import Session, User
from accounts.services import people, sessions
from tests.clients import SECRET, Application, basic, make_client
from tests.live_site import LiveSite, live_site
from tests.people import PASSWORD
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db(transaction=True)

PROMISE = 2.0  # seconds, DESIGN section 6


@dataclass
class Held:
    """What one person holds by three doors."""

    cookie: str
    pair: dict[str, str]
    tokens: dict[str, Any]


def status_of(site: LiveSite, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> int:
    """Return the status of one answer; a redirect is an answer."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    body = None if form is None else urlencode(form)
    named = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
    connection.request(method, path, body, {**named, **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def opened(site: LiveSite, held: Held) -> dict[str, bool]:
    """Tell which of the things held opens its door at a process."""
    cookie = f"{deployment.SESSION_COOKIE_NAME}={held.cookie}"
    bearer = f"Bearer {held.tokens['access_token']}"
    return {
        "browser": status_of(site, "GET", "/accounts/", Cookie=cookie) == 200,
        "json": status_of(site, "GET", "/api/me/", Authorization=f"Bearer {held.pair['access']}") == 200,
        "oauth": status_of(site, "GET", "/oauth/userinfo", Authorization=bearer) == 200,
    }


def refreshed(site: LiveSite, held: Held) -> dict[str, bool]:
    """Tell which refresh tokens still give new tokens."""
    form = {"grant_type": "refresh_token", "refresh_token": held.tokens["refresh_token"]}
    oauth = status_of(site, "POST", "/oauth/token", form, Authorization=basic("app", SECRET))
    json = site.call("POST", "/api/token/refresh/", {"refresh": held.pair["refresh"]}).status
    return {"json": json == 200, "oauth": oauth == 200}


@pytest.fixture
def two() -> Iterator[tuple[LiveSite, LiveSite]]:
    with live_site() as first, live_site() as second:
        yield first, second


@pytest.fixture
def held(person: User, two: tuple[LiveSite, LiveSite]) -> Held:
    application = Application(make_client())
    application.sign_in()
    tokens = application.tokens()
    pair = two[0].call("POST", "/api/token/", {"username": "alice", "password": PASSWORD}).body
    return Held(application.browser.cookies[deployment.SESSION_COOKIE_NAME].value, pair, tokens)


def change_password(person: User) -> None:
    """By the page, in another browser."""
    browser, new = Browser(), f"{PASSWORD} anew"
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/accounts/password/change/", form).status_code == 302


def end_each_session(person: User) -> None:
    for session in Session.objects.of_user(person.pk):
        sessions.end(session_id=session.pk, reason="test")


ENDS: dict[str, Callable[[User], object]] = {
    "deactivated": lambda person: people.deactivate(user=person, actor=None),
    "another password": change_password,
    "a factor removed": lambda person: people.factor_changed(user=person, keep=None, factor="totp", origin=Origin()),
    "each session ended": end_each_session,
}


@pytest.mark.parametrize("end", ENDS)
def test_sessions_and_tokens_stop_in_every_process(
    person: User, two: tuple[LiveSite, LiveSite], held: Held, end: str
) -> None:
    everything = {"browser": True, "json": True, "oauth": True}
    assert [opened(site, held) for site in two] == [everything, everything]
    ENDS[end](person)
    for site in two:
        started = begun = time.monotonic()
        while any((still := opened(site, held)).values()):
            assert begun - started <= PROMISE, still  # what was asked for before may be answered late
            time.sleep(0.05)
            begun = time.monotonic()
        assert refreshed(site, held) == {"json": False, "oauth": False}

"""The tests' own client: its requests come to the lane as those of a server do."""

import pytest
from django.test import Client

from tests.clients import SECRET, basic, post_form
from tests.lane import LaneHandler

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("world")]


@pytest.fixture
def by_lane(monkeypatch):
    monkeypatch.setattr("django.test.client.ClientHandler", LaneHandler)


def is_of_lane(answer):
    return getattr(answer, "is_of_lane", False)


def test_what_the_lane_takes_it_answers(by_lane):
    answer = Client().get("/oauth/jwks", headers={"x-request-id": "an-id-of-mine"})

    assert is_of_lane(answer)
    assert (answer.status_code, answer["X-Request-ID"]) == (200, "an-id-of-mine")
    assert answer.json()["keys"]
    assert is_of_lane(post_form("/oauth/token", {"grant_type": "x"}))


def test_an_answer_without_a_body_has_no_type(by_lane):
    answer = post_form("/oauth/revoke", {"token": "x"}, authorization=basic("app", SECRET))

    assert (answer.status_code, answer.content, answer.get("Content-Type")) == (200, b"", None)


@pytest.mark.parametrize(
    "ask", [lambda client: client.get("/accounts/login/"), lambda client: client.head("/oauth/jwks")]
)
def test_the_rest_is_djangos(ask, by_lane):
    answer = ask(Client())

    assert (answer.status_code, is_of_lane(answer)) == (200, False)
    assert answer.context is None or "form" in answer.context


def test_a_browser_with_cookies_is_djangos(by_lane):
    browser = Client()
    assert is_of_lane(browser.get("/oauth/jwks"))
    browser.get("/accounts/login/")
    browser.cookies["language"] = "ko"
    assert not is_of_lane(browser.get("/oauth/jwks"))


def test_without_it_nothing_is_of_the_lane():
    assert not is_of_lane(Client().get("/oauth/jwks"))

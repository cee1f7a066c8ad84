"""The sample application takes an answer only to its own question. That it signs people in is tested by its page."""

import sys
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.architecture.house import HOUSE
from tests.recipes.programs import free_port, serving

ISSUER = "https://id.example"


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    port = free_port()
    environment = {"CLIENT_ID": "app", "CLIENT_SECRET": "s", "ISSUER": ISSUER, "APP_PORT": str(port)}
    command = [sys.executable, "docs/samples/python-web/web_app.py"]
    with serving(command, port=port, folder=HOUSE, environment=environment):
        yield f"http://127.0.0.1:{port}"


class Browser:
    """A browser that was sent to the provider."""

    def __init__(self, app: str) -> None:
        self.app, self._browser = app, requests.Session()
        sent = self._browser.get(f"{app}/sign-in", allow_redirects=False, timeout=10)
        self.sent_to, self.request = sent.headers["Location"], dict(parse_qsl(urlsplit(sent.headers["Location"]).query))

    def come_back(self, **answer: str) -> requests.Response:
        return self._browser.get(f"{self.app}/callback", params=answer, allow_redirects=False, timeout=10)

    def shown(self) -> str:
        return self._browser.get(self.app, timeout=10).text


def test_it_asks_with_a_challenge_and_a_state_of_its_own(app) -> None:
    one, other = Browser(app), Browser(app)
    assert one.sent_to.startswith(f"{ISSUER}/oauth/authorize?")
    assert one.request["code_challenge_method"] == "S256"
    assert len(one.request["code_challenge"]) == 43
    assert one.request["state"] != other.request["state"]
    assert one.request["code_challenge"] != other.request["code_challenge"]


@pytest.mark.parametrize("wrong", [{"state": "guessed"}, {"state": ""}, {"iss": "https://evil.example"}, {"iss": ""}])
def test_an_answer_to_another_question_signs_nobody_in(app, wrong) -> None:
    browser = Browser(app)
    answer = browser.come_back(**({"code": "c", "state": browser.request["state"], "iss": ISSUER} | wrong))
    assert answer.status_code == 400
    assert "Nobody is signed in" in browser.shown()


def test_an_answer_that_another_browser_brings_signs_nobody_in(app) -> None:
    asked, victim = Browser(app), Browser(app)
    assert victim.come_back(code="c", state=asked.request["state"], iss=ISSUER).status_code == 400
    brought = requests.get(f"{app}/callback", {"code": "c", "state": "-", "iss": ISSUER}, timeout=10)
    assert brought.status_code == 400


def test_a_question_is_answered_once(app) -> None:
    browser = Browser(app)
    denied = {"error": "access_denied", "state": browser.request["state"], "iss": ISSUER}
    assert "Not signed in: access_denied" in browser.come_back(**denied).text
    assert "no answer to us" in browser.come_back(code="c", state=browser.request["state"], iss=ISSUER).text


def test_what_an_answer_says_is_shown_as_text(app) -> None:
    page = Browser(app).come_back(error="<script>alert(1)</script>").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_what_is_not_there_is_not_found(app) -> None:
    assert requests.get(f"{app}/nonesuch", timeout=10).status_code == 404

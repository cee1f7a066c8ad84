"""/api/account/browser/v1/: a whole account for a script on our own origin, by the browser's session."""

import pyotp
import pytest
from django.test import Client

from accounts.models import Session, User
from tests.headless import Script
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def script() -> Script:
    return Script()


def test_signs_in_and_the_pages_know_it(script: Script, person) -> None:
    answer = script.sign_in(person)

    assert (answer.status_code, answer.json()["meta"]) == (200, {"is_authenticated": True})
    assert script.browser.get("/accounts/profile/").status_code == 200
    assert Session.objects.get().kind == "browser"


def test_a_sign_in_by_the_page_holds_here(script: Script, person) -> None:
    script.browser = Client()
    script.browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})

    assert script.get("auth/session").json()["data"]["user"]["username"] == "alice"
    assert script.get("auth/sessions").json()["data"][0]["kind"] == "browser"


def test_asks_for_the_second_factor(script: Script, person, totp: pyotp.TOTP) -> None:
    assert script.sign_in(person).json()["code"] == "mfa_required"
    assert script.browser.get("/accounts/profile/").status_code == 302

    assert script.post("auth/2fa/authenticate", {"code": totp.now()}).status_code == 200
    assert Session.objects.get().acr == "aal2"


def test_gets_no_tokens(script: Script, person) -> None:
    body = script.sign_in(person).content.decode()

    assert "access_token" not in body
    assert "refresh_token" not in body
    assert "session_token" not in body


def test_gets_the_csrf_token_in_a_header_for_its_cookie_is_closed_to_scripts(script: Script) -> None:
    answer = script.browser.get("/api/account/browser/v1/config")

    assert answer.headers["X-CSRFToken"]
    assert answer.cookies["csrftoken"]["httponly"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_signs_out(script: Script, person) -> None:
    script.sign_in(person)

    assert script.delete("auth/session").status_code == 401
    assert script.browser.get("/accounts/profile/").status_code == 302
    assert Session.objects.get().ended_at is not None


def test_ends_its_own_session_by_its_id(script: Script, person) -> None:
    script.sign_in(person)
    own = script.get("auth/sessions").json()["data"][0]["id"]

    assert script.delete("auth/sessions", {"sessions": [own]}).status_code == 401
    assert Session.objects.get().ended_at is not None


def test_signs_up_with_the_rules_of_the_page(script: Script) -> None:
    answer = script.post("auth/signup", {"email": "bob@example.com", "username": "bob", "password": "short"})

    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "invalid")
    assert {error["param"] for error in body["errors"]} == {"password"}
    assert body["detail"] == body["message"] == body["errors"][0]["message"]
    assert not User.objects.filter(username="bob").exists()

"""/api/account/: every rule of the pages holds at the doors for programs, and no door goes round another."""

import re
from typing import Any, Final

import pyotp
import pytest
from django.conf import settings
from django.test import Client

from accounts.api.headless.state import SessionState
from accounts.api.headless.urls import DOORS
from accounts.models import Session
from accounts.services import people, sessions
from tests.bearer import authorization, first_party, of_client, third_party
from tests.headless import App, Script
from tests.people import PASSWORD
from tests.software_authenticator import give_passkey
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
EVERY: Final = sorted((path, method) for path, door in DOORS.items() for method in door.methods())
# What anybody may ask who is not signed in.
OPEN: Final = {path for path in DOORS if path.startswith(("config", "auth/"))} - {
    "auth/reauthenticate", "auth/2fa/reauthenticate", "auth/webauthn/reauthenticate", "auth/sessions",
}  # fmt: skip
GUARDED: Final = [(path, method) for path, method in EVERY if path not in OPEN]


@pytest.fixture
def app() -> App:
    return App()


def call(app: App, path: str, method: str, body: Any = None) -> Any:
    return getattr(app, method.lower())(path, body) if method != "GET" else app.get(path)


def no_session_began() -> bool:
    return not Session.objects.exists()


# --- What is open ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("client_name", ["app", "browser"])
@pytest.mark.parametrize(
    "path",
    [
        "account/providers", "auth/provider/redirect", "auth/provider/token", "auth/provider/signup", "tokens/refresh",
        "account/phone", "auth/phone/verify", "auth/2fa/trust", "auth/webauthn/signup", "auth/code/resend",
        "auth/email/verify/resend",
    ],
)  # fmt: skip
def test_what_the_library_brings_and_nobody_opened_is_not_there(client: Client, client_name, path) -> None:
    for method in ("get", "post", "delete"):
        assert getattr(client, method)(f"/api/account/{client_name}/v1/{path}").status_code == 404


@pytest.mark.parametrize(("path", "method"), GUARDED)
def test_nobody_gets_in_without_a_token_or_a_cookie(app: App, path, method) -> None:
    answer = call(app, path, method, {})

    assert answer.status_code in ({401, 409} if (path, method) == ("account/email", "POST") else {401})
    assert {"detail", "code", "message", "error", "status"} <= answer.json().keys()


@pytest.mark.parametrize(("path", "method"), EVERY)
def test_a_third_partys_token_opens_no_door(app: App, person, path, method) -> None:
    for token in (third_party(person, "openid", "profile", "email", "roles"), of_client("profile")):
        app.access = token
        answer = call(app, path, method, {})
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    "kind", ["refresh", "of no session", "of another's session", "nonsense", "of an ended session"]
)
def test_only_a_live_first_party_token_is_a_bearer(app: App, person, make_person, kind) -> None:
    app.sign_in(person)
    session = Session.objects.get()
    if kind == "of an ended session":
        sessions.end(session_id=session.pk, reason="test")
    app.access = {
        "refresh": app.refresh,
        "of no session": first_party(person),
        "of another's session": first_party(make_person("bob"), session_id=str(session.pk)),
        "nonsense": "nonsense",
        "of an ended session": app.access,
    }[kind]

    answer = app.get("auth/session")

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", sorted(DOORS))
def test_other_methods_are_refused_before_anything_is_read(client: Client, path) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} - {*DOORS[path].methods()}:
        answer = client.generic(method, f"/api/account/app/v1/{path}", "{", content_type="application/json")
        assert (answer.status_code, answer.headers["Allow"]) == (405, ", ".join(DOORS[path].methods()))


# --- The session token, the cookie, the state -------------------------------------------------------------------------
def test_a_session_token_is_of_no_use_once_somebody_is_signed_in(app: App, person, totp: pyotp.TOTP) -> None:
    """Session fixation: who planted the token gets nothing by it."""
    app.sign_in(person)
    planted = app.session_token
    app.post("auth/2fa/authenticate", {"code": totp.now()})
    mallory = App()
    mallory.session_token = planted

    assert mallory.get("auth/session").status_code == 410


def test_a_cookie_is_no_session_token_and_the_other_way_round(app: App, person, totp: pyotp.TOTP) -> None:
    app.sign_in(person)
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = app.session_token
    assert browser.get("/accounts/profile/").status_code == 302
    script = Script()
    script.sign_in(person)
    script.post("auth/2fa/authenticate", {"code": totp.now()})
    app.session_token = script.browser.cookies[settings.SESSION_COOKIE_NAME].value

    assert script.get("auth/session").status_code == 200
    assert app.get("auth/session").status_code == 410


def test_the_state_of_an_api_session_signs_nobody_in(app: App, person) -> None:
    app.sign_in(person)
    key = SessionState.of(Session.objects.select_related("user").get()).session_key
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    app.access, app.session_token = "", key

    assert browser.get("/accounts/profile/").status_code == 302
    assert app.get("auth/session").status_code == 410


def test_an_app_acts_on_no_cookies_authority(person) -> None:
    browser = Client(enforce_csrf_checks=True)
    script = Script(browser)
    script.sign_in(person)
    app = App()
    app.http = browser

    assert app.get("auth/session").status_code == 401
    assert app.delete("auth/session").status_code == 401
    assert app.sign_in(person).status_code == 200
    assert script.get("auth/session").status_code == 200
    assert Session.objects.filter(ended_at=None).count() == 2


@pytest.mark.parametrize(("path", "method"), [(path, method) for path, method in EVERY if method != "GET"])
def test_a_browser_changes_nothing_without_the_csrf_token(person, path, method) -> None:
    script = Script()
    script.sign_in(person)
    script.browser.cookies["csrftoken"] = "x" * 32

    answer = script.call(method.lower(), path, {}, csrf=False)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


# --- The second factor, and what else a sign-in needs ------------------------------------------------------------------
@pytest.mark.parametrize(("path", "method"), GUARDED)
def test_the_first_step_alone_opens_nothing(app: App, person, totp, path, method) -> None:
    app.sign_in(person)

    answer = call(app, path, method, {})

    assert answer.status_code in ({401, 409} if (path, method) == ("account/email", "POST") else {401})
    assert no_session_began()


def test_a_code_is_good_once_and_its_guesses_are_counted(app: App, person, totp: pyotp.TOTP) -> None:
    code = totp.now()
    app.sign_in(person)
    assert app.post("auth/2fa/authenticate", {"code": code}).status_code == 200
    second = App()
    second.sign_in(person)

    replayed = second.post("auth/2fa/authenticate", {"code": code})
    assert (replayed.status_code, replayed.json()["code"]) == (400, "invalid_code")
    answers = [second.post("auth/2fa/authenticate", {"code": "000000"}) for _ in range(6)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "throttled")
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert Session.objects.count() == 1
    assert AuditEvent.objects.filter(action="one_time_code.refused", subject=person.pk).exists()


def test_another_persons_passkey_is_no_second_step(app: App, person, make_person) -> None:
    give_passkey(person)
    stranger = give_passkey(make_person("bob"))
    app.sign_in(person)
    options = app.get("auth/webauthn/authenticate").json()["data"]["request_options"]["publicKey"]

    answer = app.post("auth/webauthn/authenticate", {"credential": stranger.get(options)})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_passkey")
    assert no_session_began()


def test_a_mailed_code_does_not_go_round_the_second_factor(app: App, person, totp, deliver_mail) -> None:
    app.post("auth/code/request", {"email": person.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", deliver_mail()[0].body, re.MULTILINE)[1]

    answer = app.post("auth/code/confirm", {"code": code})

    assert (answer.status_code, answer.json()["code"]) == (401, "mfa_required")
    assert no_session_began()


def test_an_unproved_address_signs_nobody_in(app: App, make_person) -> None:
    answer = app.sign_in(make_person("bob", verified=False))

    assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")
    assert no_session_began()


def test_who_was_shut_out_gets_the_answer_of_a_wrong_password(app: App, person) -> None:
    wrong = app.sign_in(person, "a wrong password, surely").json()
    people.deactivate(user=person, actor=None)

    assert app.sign_in(person).json() == wrong
    assert no_session_began()


def test_who_is_shut_out_between_the_steps_gets_no_session(app: App, person, totp: pyotp.TOTP) -> None:
    app.sign_in(person)
    people.deactivate(user=person, actor=None)

    answer = app.post("auth/2fa/authenticate", {"code": totp.now()})

    assert answer.status_code >= 400
    assert "access_token" not in (answer.json().get("meta") or {})
    assert no_session_began()


def test_the_tokens_of_who_is_shut_out_open_nothing(app: App, person) -> None:
    app.sign_in(person)
    people.deactivate(user=person, actor=None)

    assert app.get("auth/session").status_code == 401


def test_an_entrance_is_not_for_who_is_in(app: App, person, make_person) -> None:
    app.sign_in(person)

    for path in ("auth/login", "auth/signup", "auth/code/request", "auth/webauthn/login"):
        assert app.post(path, {"username": "alice", "password": PASSWORD}).json()["code"] == "conflict"


def test_the_header_of_a_request_is_of_one_person(app: App, person, make_person) -> None:
    """A session token beside a bearer token is not looked at."""
    other = App()
    other.post("auth/code/request", {"email": "alice@example.com"})
    app.sign_in(make_person("bob"))

    answer = app.get("auth/session", authorization=authorization(app.access)["Authorization"], **{
        "x-session-token": other.session_token
    })  # fmt: skip

    assert answer.json()["data"]["user"]["username"] == "bob"

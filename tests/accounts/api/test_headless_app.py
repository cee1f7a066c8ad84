"""/api/account/app/v1/: a whole account by JSON, for an app that keeps a token pair."""

import re

import pyotp
import pytest
from django.test import Client

from accounts.models import Session, User
from tests.accounts.api.client import Api
from tests.headless import App
from tests.invitations import invite
from tests.people import PASSWORD
from tests.software_authenticator import SoftwareAuthenticator, give_passkey
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "another horse, another battery"


@pytest.fixture
def app() -> App:
    return App()


def key_in(mail, path: str) -> str:
    return re.search(rf"{path}([^/\s]+)/", mail.body)[1]


def test_signs_in_by_a_password_and_gets_the_pair(app: App, person) -> None:
    answer = app.sign_in(person)
    body = answer.json()

    assert (answer.status_code, body["status"]) == (200, 200)
    assert body["data"]["user"] | {"display": ""} == {
        "id": str(person.pk), "display": "", "email": "alice@example.com", "has_usable_password": True,
        "username": "alice",
    }  # fmt: skip
    assert body["meta"].keys() == {"is_authenticated", "access_token", "refresh_token", "token_type", "expires_in"}
    session = Session.objects.get(user=person)
    assert (session.kind, session.acr, session.amr) == ("api", "aal1", "pwd")
    assert AuditEvent.objects.filter(action="session.started", session=session.pk).count() == 1


def test_the_pair_is_that_of_every_door(app: App, api: Api, person) -> None:
    app.sign_in(person)

    api.bearer = app.access
    assert api.get("/api/me/").json()["username"] == "alice"
    refreshed = api.post("/api/token/refresh/", {"refresh": app.refresh})
    assert refreshed.status_code == 200
    app.access = refreshed.json()["access"]
    assert app.get("auth/session").json()["data"]["user"]["username"] == "alice"


def test_a_token_of_the_json_sign_in_opens_the_doors_too(app: App, api: Api, person) -> None:
    app.access = api.sign_in(person)["access"]

    assert app.get("auth/session").json()["meta"] == {"is_authenticated": True}
    assert app.get("auth/sessions").json()["data"][0]["is_current"] is True


def test_signs_in_with_a_second_factor(app: App, person, totp: pyotp.TOTP) -> None:
    first = app.sign_in(person)
    assert (first.status_code, first.json()["code"]) == (401, "mfa_required")
    assert "access_token" not in first.json()["meta"]
    assert not Session.objects.exists()

    second = app.post("auth/2fa/authenticate", {"code": totp.now()})

    assert second.status_code == 200
    session = Session.objects.get()
    assert (session.acr, session.amr) == ("aal2", "mfa otp pwd")


def test_signs_in_by_a_passkey_alone(app: App, person) -> None:
    passkey = give_passkey(person)
    options = app.get("auth/webauthn/login").json()["data"]["request_options"]["publicKey"]

    answer = app.post("auth/webauthn/login", {"credential": passkey.get(options)})

    assert answer.status_code == 200, answer.content
    assert Session.objects.get().acr == "phr"


def test_signs_in_by_a_passkey_as_the_second_step(app: App, person) -> None:
    passkey = give_passkey(person)
    assert app.sign_in(person).json()["code"] == "mfa_required"
    options = app.get("auth/webauthn/authenticate").json()["data"]["request_options"]["publicKey"]

    assert app.post("auth/webauthn/authenticate", {"credential": passkey.get(options)}).status_code == 200
    assert Session.objects.get().amr == "mfa pop pwd user"


def test_signs_in_by_a_mailed_code(app: App, person, deliver_mail) -> None:
    asked = app.post("auth/code/request", {"email": "alice@example.com"})
    assert asked.status_code == 401
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", deliver_mail()[0].body, re.MULTILINE)[1]

    assert app.post("auth/code/confirm", {"code": code}).status_code == 200
    assert Session.objects.get().amr == "otp"


def test_signs_up_verifies_and_signs_in(app: App, deliver_mail) -> None:
    given = {"email": "bob@example.com", "username": "bob", "password": PASSWORD}
    answer = app.post("auth/signup", given)
    assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")
    key = key_in(deliver_mail()[0], "/accounts/confirm-email/")

    shown = app.get("auth/email/verify", **{"x-email-verification-key": key})
    assert (shown.status_code, shown.json()["data"]["email"]) == (200, "bob@example.com")
    assert not User.objects.get(username="bob").has_verified_email
    assert app.post("auth/email/verify", {"key": key}).status_code == 401
    assert User.objects.get(username="bob").has_verified_email
    assert app.sign_in(User.objects.get(username="bob")).status_code == 200


def test_resets_a_password(app: App, person, deliver_mail) -> None:
    assert app.post("auth/password/request", {"email": "alice@example.com"}).status_code == 200
    mail = deliver_mail()[0]
    key = key_in(mail, "/accounts/password/reset/key/")
    assert "http://testserver/accounts/password/reset/key/" in mail.body

    assert app.get("auth/password/reset", **{"x-password-reset-key": key}).status_code == 200
    assert app.post("auth/password/reset", {"key": key, "password": NEW_PASSWORD}).status_code == 401
    assert app.sign_in(person, NEW_PASSWORD).status_code == 200


def test_changes_a_password_and_keeps_its_session_alone(app: App, api: Api, person) -> None:
    app.sign_in(person)
    api.sign_in(person)

    answer = app.post("account/password/change", {"current_password": PASSWORD, "new_password": NEW_PASSWORD})

    assert answer.status_code == 200, answer.content
    assert app.get("auth/session").status_code == 200
    assert api.get("/api/me/").status_code == 401


def test_sets_up_an_authenticator_app_and_gives_it_up(app: App, person) -> None:
    app.sign_in(person)
    app.post("auth/reauthenticate", {"password": PASSWORD})
    missing = app.get("account/authenticators/totp")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    secret = missing.json()["meta"]["secret"]

    assert app.post("account/authenticators/totp", {"code": pyotp.TOTP(secret).now()}).status_code == 200
    kinds = [factor["type"] for factor in app.get("account/authenticators").json()["data"]]
    assert sorted(kinds) == ["recovery_codes", "totp"]
    assert len(app.get("account/authenticators/recovery-codes").json()["data"]["unused_codes"]) == 10
    assert app.delete("account/authenticators/totp").status_code == 200
    assert app.get("account/authenticators").json()["data"] == []


def test_adds_names_and_removes_a_passkey(app: App, person) -> None:
    app.sign_in(person)
    app.post("auth/reauthenticate", {"password": PASSWORD})
    options = app.get("account/authenticators/webauthn").json()["data"]["creation_options"]["publicKey"]
    credential = SoftwareAuthenticator().create(options)

    added = app.post("account/authenticators/webauthn", {"name": "A key", "credential": credential})
    assert added.status_code == 200, added.content
    passkey_id = added.json()["data"]["id"]
    renamed = app.put("account/authenticators/webauthn", {"id": passkey_id, "name": "Another"})
    assert renamed.json()["data"]["name"] == "Another"
    assert app.delete("account/authenticators/webauthn", {"authenticators": [passkey_id]}).status_code == 200
    assert app.get("account/authenticators").json()["data"] == []


def test_changes_the_address(app: App, person, deliver_mail) -> None:
    app.sign_in(person)
    app.post("auth/reauthenticate", {"password": PASSWORD})
    assert app.post("account/email", {"email": "new@example.com"}).status_code == 200
    key = key_in(next(mail for mail in deliver_mail() if mail.to == ["new@example.com"]), "/accounts/confirm-email/")

    assert app.post("auth/email/verify", {"key": key}).status_code == 200
    person.refresh_from_db()
    assert person.email == "new@example.com"
    assert [address["email"] for address in app.get("account/email").json()["data"]] == ["new@example.com"]


def test_lists_sessions_and_ends_one(app: App, api: Api, person) -> None:
    app.sign_in(person)
    api.sign_in(person)
    other = next(each for each in app.get("auth/sessions").json()["data"] if not each["is_current"])

    left = app.delete("auth/sessions", {"sessions": [other["id"]]})

    assert [each["is_current"] for each in left.json()["data"]] == [True]
    assert api.get("/api/me/").status_code == 401


def test_signs_out_and_the_pair_is_dead(app: App, api: Api, person) -> None:
    app.sign_in(person)

    assert app.delete("auth/session").status_code == 401
    assert app.get("auth/session").status_code == 401
    assert api.post("/api/token/refresh/", {"refresh": app.refresh}).status_code == 401


def test_asks_for_a_fresh_proof_before_what_is_sensitive_and_notes_it_with_the_session(app: App, person, totp) -> None:
    app.sign_in(person)
    app.post("auth/2fa/authenticate", {"code": totp.now()})
    signed_in = Session.objects.get().auth_time

    asked = app.delete("account/authenticators/totp")
    assert (asked.status_code, asked.json()["code"]) == (401, "insufficient_user_authentication")
    assert 'error="insufficient_user_authentication"' in asked.headers["WWW-Authenticate"]
    assert {flow["id"] for flow in asked.json()["data"]["flows"]} == {"reauthenticate", "mfa_reauthenticate"}
    assert app.post("auth/reauthenticate", {"password": PASSWORD}).status_code == 200

    session = Session.objects.get()
    assert session.auth_time > signed_in
    assert (session.acr, session.amr) == ("aal2", "mfa otp pwd")
    assert app.delete("account/authenticators/totp").status_code == 200


@pytest.mark.parametrize(
    "amr",
    ["pwd", "mfa otp pwd", "mfa pop pwd user", "mfa pop user", "pop user", "otp", ""],
    ids=lambda amr: amr or "none",
)
def test_a_fresh_proof_keeps_what_the_sign_in_proved(app: App, api: Api, person, amr) -> None:
    app.access = api.sign_in(person)["access"]
    acr = {"pwd": "aal1", "mfa otp pwd": "aal2", "mfa pop pwd user": "phr", "mfa pop user": "phr"}.get(amr, "aal1")
    Session.objects.update(amr=amr, acr=acr)

    app.get("auth/session")
    assert (Session.objects.get().amr, Session.objects.get().acr) == (amr, acr)
    app.post("auth/reauthenticate", {"password": PASSWORD})

    assert set(Session.objects.get().amr.split()) >= {*amr.split(), "pwd"}
    assert Session.objects.get().acr >= acr


def test_sets_no_cookie_ever(app: App, person, deliver_mail) -> None:
    app.sign_in(person)
    app.get("account/authenticators/totp")
    app.post("auth/reauthenticate", {"password": PASSWORD})
    app.delete("auth/session")

    assert not app.http.cookies


@pytest.mark.parametrize("slash", ["", "/"])
def test_answers_with_and_without_a_trailing_slash(app: App, slash) -> None:
    assert app.get(f"config{slash}").json()["data"]["account"]["is_open_for_signup"] is True


def test_answers_are_stored_nowhere(app: App, client: Client, person) -> None:
    for answer in (app.get("config"), app.sign_in(person), app.get("auth/session"), app.get("nothing")):
        assert "no-store" in answer.headers["Cache-Control"]


def test_signs_up_by_an_invitation(app: App, settings) -> None:
    settings.SIGNUP = "invite"
    secret = invite("bob@example.com").split("/")[3]
    given = {"email": "bob@example.com", "username": "bob", "password": PASSWORD}

    assert App().post("auth/signup", given).status_code == 403
    assert App().post("auth/signup", given | {"invitation": "nonsense"}).status_code == 403
    assert app.post("auth/signup", given | {"invitation": secret}).status_code == 200
    bob = User.objects.get(username="bob")
    assert bob.has_verified_email
    assert App().post("auth/signup", given | {"username": "eve", "invitation": secret}).status_code == 403

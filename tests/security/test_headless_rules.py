"""/api/account/: limits, enumeration, closed sign-up, fresh proofs and factors, as on the pages; and hostile bodies."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.contrib.auth.hashers import make_password

from accounts.api.headless.urls import DOORS
from accounts.models import Session, User
from accounts.services import people
from tests.accounts.api.client import Api
from tests.headless import App, Script
from tests.people import PASSWORD
from tests.software_authenticator import give_passkey
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db
NEW_PASSWORD: Final = "another horse, another battery"
WRONG: Final = "a wrong password, surely"
SENSITIVE: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("post", "account/email", {"email": "new@example.com"}),
    ("delete", "account/email", {"email": "asked@example.com"}),
    ("patch", "account/email", {"email": "alice@example.com", "primary": True}),
    ("post", "account/authenticators/totp", {"code": "123456"}),
    ("delete", "account/authenticators/totp", {}),
    ("get", "account/authenticators/recovery-codes", {}),
    ("post", "account/authenticators/recovery-codes", {}),
    ("get", "account/authenticators/webauthn", {}),
    ("post", "account/authenticators/webauthn", {"name": "A key", "credential": {}}),
    ("put", "account/authenticators/webauthn", {"id": 1, "name": "Mine"}),
    ("delete", "account/authenticators/webauthn", {"authenticators": [1]}),
]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def api() -> Api:
    return Api()


def prove(app: App) -> None:
    assert app.post("auth/reauthenticate", {"password": PASSWORD}).status_code == 200


def masked(answer: Any) -> tuple[int, Any]:
    """Return what an answer says, but for the token of its session."""
    body = answer.json()
    (body.get("meta") or {}).pop("session_token", None)
    return answer.status_code, body


def throttled(answer: Any) -> bool:
    told = (answer.status_code, answer.json()["code"], answer.json()["status"]) == (429, "throttled", 429)
    return told and int(answer.headers["Retry-After"]) > 0


# --- Limits ----------------------------------------------------------------------------------------------------------
def test_guesses_at_a_password_are_counted_with_those_at_every_other_door(app: App, api: Api, person) -> None:
    for _ in range(5):
        assert app.sign_in(person, WRONG).json()["code"] == "invalid_credentials"
        api.post("/api/token/", {"username": "alice", "password": WRONG})

    assert throttled(app.sign_in(person))
    assert api.post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("auth/reauthenticate", {"password": WRONG}),
        ("account/password/change", {"current_password": WRONG, "new_password": NEW_PASSWORD}),
    ],
)
def test_a_token_is_no_way_to_guess_the_password_at_leisure(app: App, person, settings, path, body) -> None:
    settings.ACCOUNT_RATE_LIMITS = False  # the library's own limits, the second line
    app.sign_in(person)
    answers = [app.post(path, body) for _ in range(11)]

    assert [answer.json()["code"] for answer in answers[:10]] == ["invalid_credentials"] * 10
    assert throttled(answers[-1])
    assert throttled(App().sign_in(person))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("auth/signup", {"email": "bob@example.com", "password": PASSWORD}),
        ("auth/password/request", {"email": "bob@example.com"}),
        ("auth/code/request", {"email": "bob@example.com"}),
    ],
)
def test_mails_to_one_address_are_counted(path, body) -> None:
    assert App().post(path, body).status_code < 429
    GuessCounter.objects.update(count=20, open_at=clock.now() + timedelta(minutes=1))

    assert throttled(App().post(path, body))


def test_mails_for_a_change_of_address_are_counted_by_person(app: App, person) -> None:
    app.sign_in(person)
    prove(app)
    assert app.post("account/email", {"email": "new@example.com"}).status_code == 200
    GuessCounter.objects.update(count=20, open_at=clock.now() + timedelta(minutes=1))

    assert throttled(app.post("account/email", {"email": "newer@example.com"}))
    assert throttled(app.put("account/email", {"email": "new@example.com"}))


# --- Enumeration -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("auth/signup", {"password": PASSWORD}),
        ("auth/password/request", {}),
        ("auth/code/request", {}),
        ("auth/login", {"password": WRONG}),
    ],
)
def test_known_and_unknown_addresses_look_alike(person, path, body) -> None:
    known = App().post(path, {"email": "alice@example.com", **body})
    unknown = App().post(path, {"email": "nobody@example.com", **body})

    assert masked(known) == masked(unknown)
    assert known.headers.keys() == unknown.headers.keys()


def test_the_owner_of_a_known_address_is_told_by_mail_alone(app: App, person, deliver_mail) -> None:
    app.post("auth/signup", {"email": "alice@example.com", "username": "mallory", "password": PASSWORD})

    assert [mail.to for mail in deliver_mail()] == [["alice@example.com"]]
    assert User.objects.count() == 1


# --- Sign-up ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("signup", ["closed", "invite"])
@pytest.mark.parametrize("caller", [App, Script])
def test_a_closed_sign_up_is_closed_here_too_and_tells_nothing(settings, person, signup, caller) -> None:
    settings.SIGNUP = signup

    for username in ("bob", "alice"):
        answer = caller().post("auth/signup", {"email": "bob@example.com", "username": username, "password": "short"})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "a" * 15, "alice@example.com alice", "a" * 257])
def test_the_rules_of_passwords_hold_at_every_door(app: App, person, deliver_mail, password) -> None:
    assert app.post("auth/signup", {"email": "bob@example.com", "username": "bob", "password": password}).status_code in {
        400, 401,
    }  # fmt: skip
    app.post("auth/password/request", {"email": "alice@example.com"})
    reset = next(mail for mail in deliver_mail() if "/password/reset/key/" in mail.body)
    key = re.search(r"/password/reset/key/([^/\s]+)/", reset.body)[1]
    refused = app.post("auth/password/reset", {"key": key, "password": password})
    app.sign_in(person)
    changed = app.post("account/password/change", {"current_password": PASSWORD, "new_password": password})

    if password == "a" * 15:
        return  # what counts as common is for tests/accounts/test_passwords.py
    assert {error["param"] for error in refused.json()["errors"]} == {"password"}
    assert {error["param"] for error in changed.json()["errors"]} == {"new_password"}


def test_a_username_is_normalised_and_taken_once(app: App, person) -> None:
    for username in ("alice", "ALICE", "ａｌｉｃｅ"):
        answer = app.post("auth/signup", {"email": "bob@example.com", "username": username, "password": PASSWORD})
        assert [error["param"] for error in answer.json()["errors"]] == ["username"]


@pytest.mark.parametrize("name", ["is_staff", "is_superuser", "is_active", "groups", "attributes", "erase_at", "id"])
def test_a_sign_up_assigns_nothing_else(app: App, name) -> None:
    app.post("auth/signup", {"email": "bob@example.com", "username": "bob", "password": PASSWORD, name: "1"})

    bob = User.objects.get(username="bob")
    assert (bob.is_staff, bob.is_superuser, bob.is_active, bob.groups.count()) == (False, False, True, 0)
    assert (bob.attributes, bob.erase_at, bob.has_verified_email) == ({}, None, False)


# --- Addresses and passwords -----------------------------------------------------------------------------------------
def test_a_strangers_change_of_address_is_not_confirmed_by_whose_address_it_is(
    person, make_person, deliver_mail
) -> None:
    mallory = App()
    mallory.sign_in(make_person("mallory"))
    prove(mallory)
    mallory.post("account/email", {"email": "victim@example.com"})
    mail = next(mail for mail in deliver_mail() if mail.to == ["victim@example.com"])
    key = re.search(r"/accounts/confirm-email/([^/\s]+)/", mail.body)[1]

    victim = App()
    assert victim.post("auth/email/verify", {"key": key}).status_code == 403
    assert victim.get("auth/email/verify", **{"x-email-verification-key": key}).status_code == 403
    victim.sign_in(person)
    assert victim.post("auth/email/verify", {"key": key}).status_code == 403
    assert User.objects.get(username="mallory").email == "mallory@example.com"


def test_an_address_that_somebody_else_has_by_now_is_refused_plainly(
    app: App, person, make_person, deliver_mail
) -> None:
    app.sign_in(person)
    prove(app)
    app.post("account/email", {"email": "bob@example.com"})
    mail = next(mail for mail in deliver_mail() if mail.to == ["bob@example.com"])
    make_person("bob", verified=False)

    answer = app.post("auth/email/verify", {"key": re.search(r"/confirm-email/([^/\s]+)/", mail.body)[1]})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert User.objects.get(username="alice").email == "alice@example.com"


def test_the_key_of_a_reset_is_good_once_and_ends_every_session(app: App, api: Api, person, deliver_mail) -> None:
    api.sign_in(person)
    app.post("auth/password/request", {"email": "alice@example.com"})
    key = re.search(r"/password/reset/key/([^/\s]+)/", deliver_mail()[0].body)[1]

    app.post("auth/password/reset", {"key": key, "password": NEW_PASSWORD})
    again = app.post("auth/password/reset", {"key": key, "password": PASSWORD})

    assert (again.status_code, again.json()["errors"][0]["param"]) == (400, "key")
    assert api.get("/api/me/").status_code == 401
    assert AuditEvent.objects.filter(action="person.password_replaced").count() == 1


# --- Fresh proofs and factors ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("method", "path", "body"), SENSITIVE, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("caller", [App, Script])
def test_what_is_sensitive_wants_a_fresh_proof(person, recovery_codes, totp, caller, method, path, body) -> None:
    give_passkey(person)
    person.emailaddress_set.create(email="asked@example.com", verified=True)
    visitor = caller()
    visitor.sign_in(person)
    visitor.post("auth/2fa/authenticate", {"code": totp.now()})

    call = getattr(visitor, method) if hasattr(visitor, method) else lambda *given: visitor.call(method, *given)
    answer = call(path) if method == "get" else call(path, body)

    assert (answer.status_code, answer.json()["code"]) == (401, "insufficient_user_authentication"), answer.content
    assert answer.json()["meta"]["is_authenticated"] is True


def test_who_has_nothing_to_prove_themselves_by_signs_in_again_for_it(app: App, person, deliver_mail) -> None:
    person.set_unusable_password()
    person.save()
    app.post("auth/code/request", {"email": person.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", deliver_mail()[0].body, re.MULTILINE)[1]
    app.post("auth/code/confirm", {"code": code})
    session = Session.objects.get()
    session.auth_time = session.auth_time.replace(year=session.auth_time.year - 1)
    session.save()

    answer = app.post("account/password/change", {"new_password": NEW_PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (401, "insufficient_user_authentication")
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.parametrize("factor", ["totp", "webauthn"])
def test_the_last_factor_beside_a_short_password_stays(app: App, person, request, factor) -> None:
    if factor == "totp":
        code = request.getfixturevalue("totp")
        body, path = {}, "account/authenticators/totp"
    else:
        passkey = give_passkey(person)
    person.password, person.has_long_password = make_password("8 chars!"), False
    person.save()
    assert app.sign_in(person, "8 chars!").json()["code"] == "mfa_required"
    if factor == "totp":
        app.post("auth/2fa/authenticate", {"code": code.now()})
    else:
        options = app.get("auth/webauthn/authenticate").json()["data"]["request_options"]["publicKey"]
        assert app.post("auth/webauthn/authenticate", {"credential": passkey.get(options)}).status_code == 200
        body = {"authenticators": [person.authenticator_set.get(type="webauthn").pk]}
        path = "account/authenticators/webauthn"
    assert app.post("auth/reauthenticate", {"password": "8 chars!"}).status_code == 200

    answer = app.delete(path, body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "cannot_delete_authenticator")
    assert person.authenticator_set.filter(type=factor).exists()


def test_of_two_passkeys_given_up_together_beside_a_short_password_none_goes(app: App, person) -> None:
    keys = [give_passkey(person), give_passkey(person)]
    person.password, person.has_long_password = make_password("8 chars!"), False
    person.save()
    app.sign_in(person, "8 chars!")
    options = app.get("auth/webauthn/authenticate").json()["data"]["request_options"]["publicKey"]
    app.post("auth/webauthn/authenticate", {"credential": keys[0].get(options)})
    app.post("auth/reauthenticate", {"password": "8 chars!"})

    going = list(person.authenticator_set.values_list("pk", flat=True))
    assert app.delete("account/authenticators/webauthn", {"authenticators": going}).status_code == 400
    assert person.authenticator_set.filter(type="webauthn").count() == 2


def test_another_persons_passkeys_and_sessions_are_out_of_reach(app: App, api: Api, person, make_person) -> None:
    bob = make_person("bob")
    api.sign_in(bob)
    give_passkey(bob)
    app.sign_in(person)
    prove(app)
    foreign = bob.authenticator_set.get().pk

    assert app.put("account/authenticators/webauthn", {"id": foreign, "name": "Mine"}).status_code == 400
    assert app.delete("account/authenticators/webauthn", {"authenticators": [foreign]}).status_code == 400
    assert app.delete("auth/sessions", {"sessions": [str(Session.objects.get(user=bob).pk)]}).status_code == 200
    assert api.get("/api/me/").status_code == 200


# --- Bodies ----------------------------------------------------------------------------------------------------------
_BODIES: Final = [
    "{", "[]", "null", "1", '"text"', '{"email": "a", "email": "b"}', '{"a": NaN}', "\x00", '{"username": "\\u0000"}', "[" * 99,
    '{"username": {"a": 1}, "password": ["b"]}', '{"key": [], "code": {}, "credential": [1], "sessions": {"a": 1}}',
    '{"credential": {"id": 7, "response": null}, "authenticators": [{}], "id": {}, "sessions": [7, null], "primary": []}',
    '{"credential": "text", "authenticators": "text", "id": -1e308, "sessions": "text", "email": true, "code": 1.5}',
]  # fmt: skip


@pytest.mark.parametrize("body", _BODIES)
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_body_makes_an_error_of_ours(app: App, person, signed_in, body) -> None:
    if signed_in:
        app.sign_in(person)
        prove(app)
    headers = {"authorization": f"Bearer {app.access}"} if signed_in else {}
    for path, door in DOORS.items():
        for method in {"POST", "PUT", "PATCH", "DELETE"}.intersection(door.methods()) - {"DELETE"} | (
            {"DELETE"} if path != "auth/session" and "DELETE" in door.methods() else set()
        ):
            answer = app.http.generic(
                method, f"/api/account/app/v1/{path}", body, content_type="application/json", headers=headers
            )
            assert answer.status_code < 500, (method, path, answer.content)
            if answer.status_code >= 400:
                assert {"detail", "code", "message", "error"} <= answer.json().keys()


def test_takes_json_alone(app: App, person) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"):
        answer = app.http.post(
            "/api/account/app/v1/auth/login", '{"username": "alice", "password": "x"}', content_type=kind
        )
        assert (answer.status_code, answer.json()["code"]) in {
            (415, "unsupported_media_type"),
            (400, "invalid_request"),
        }


def test_a_deactivated_persons_reset_opens_nothing(app: App, person, deliver_mail) -> None:
    people.deactivate(user=person, actor=None)
    app.post("auth/password/request", {"email": "alice@example.com"})

    assert not any("/password/reset/key/" in mail.body for mail in deliver_mail())

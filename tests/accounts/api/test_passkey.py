"""Signing in by JSON with a passkey: alone, and after the password."""

from datetime import timedelta

import pytest

from accounts.models import Session, SignInChallenge, User
from accounts.services import people
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.software_authenticator import PRESENT, SoftwareAuthenticator, give_passkey, row_of
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.tokens import access_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey(person: User) -> SoftwareAuthenticator:
    return give_passkey(person)


def asked_after_password(api: Api) -> dict:
    response = api.post("/api/token/", {"username": "alice", "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (401, "mfa_required")
    return response.json()


def asked(api: Api) -> dict:
    response = api.post("/api/token/passkey/")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    return response.json()


def answer(api: Api, given: dict, credential: object):
    return api.post("/api/token/", {"challenge": given["challenge"], "credential": credential})


def test_the_password_alone_gives_the_question_for_the_passkey(api, passkey):
    body = asked_after_password(api)
    assert body["methods"] == ["webauthn"]
    assert body["public_key"]["rpId"] == "testserver"
    assert [one["id"] for one in body["public_key"]["allowCredentials"]] == [passkey.get(body["public_key"])["id"]]
    assert not Session.objects.exists()


def test_who_has_no_passkey_is_asked_for_none(api, totp):
    assert "public_key" not in asked_after_password(api)


def test_a_passkey_completes_the_sign_in(api, passkey):
    given = asked_after_password(api)
    response = answer(api, given, passkey.get(given["public_key"]))
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh", "token_type", "expires_in"}
    session = Session.objects.get()
    assert (session.acr, session.amr) == ("phr", "mfa pop pwd user")
    assert row_of(passkey).last_used_at is not None
    assert not SignInChallenge.objects.exists()


def test_a_key_that_verifies_nobody_is_good_after_the_password(api, passkey):
    passkey.flags = PRESENT
    given = asked_after_password(api)
    assert answer(api, given, passkey.get(given["public_key"])).status_code == 200
    assert Session.objects.get().acr == "phr"


def test_a_passkey_alone_signs_in_at_phr(api, passkey):
    given = asked(api)
    assert given["public_key"]["userVerification"] == "required"
    assert given["public_key"].get("allowCredentials", []) == []
    assert answer(api, given, passkey.get(given["public_key"])).status_code == 200
    session = Session.objects.get()
    assert (session.acr, session.amr, session.kind) == ("phr", "mfa pop user", "api")


def test_the_token_says_how(api, passkey, settings):
    given = asked(api)
    token = answer(api, given, passkey.get(given["public_key"])).json()["access"]
    read = access_token.verify(token, now=clock.now(), audience=settings.ISSUER)
    assert (read.acr, read.amr) == ("phr", ("mfa", "pop", "user"))


def test_asking_leaves_no_row(api, passkey):
    asked(api)
    assert not SignInChallenge.objects.exists()


def test_a_code_answers_where_there_is_one_too(api, passkey, totp):
    given = asked_after_password(api)
    assert given["methods"] == ["totp", "webauthn"]
    assert api.post("/api/token/", {"challenge": given["challenge"], "code": totp.now()}).status_code == 200
    assert Session.objects.get().acr == "aal2"


def test_a_counter_that_goes_on_is_kept(api, passkey):
    for counter in (5, 6):
        passkey.counter = counter
        given = asked(api)
        assert answer(api, given, passkey.get(given["public_key"])).status_code == 200
        assert row_of(passkey).data["sign_count"] == counter


def test_who_has_not_proved_an_address_is_told_so(api, make_person):
    bob = make_person("bob", verified=False)
    given = asked(api)
    assert answer(api, given, give_passkey(bob).get(given["public_key"])).json()["code"] == "email_unverified"


def test_a_disabled_person_is_refused_both_ways(api, passkey, person):
    given, alone = asked_after_password(api), asked(api)
    people.deactivate(user=person, actor=None)
    assert answer(api, given, passkey.get(given["public_key"])).json()["code"] == "invalid_challenge"
    assert answer(api, alone, passkey.get(alone["public_key"])).json()["code"] == "invalid_passkey"


def test_a_refused_passkey_is_noted_with_why(api, passkey, person):
    given = asked(api)
    passkey.flags = PRESENT
    refused = answer(api, given, passkey.get(given["public_key"]))
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_passkey")
    event = AuditEvent.objects.of_action("passkey.refused").get()
    assert (event.subject, event.details) == (person.pk, {"reason": "refused"})


def test_neither_answer_is_said_with_its_field(api, passkey):
    body = api.post("/api/token/", {"challenge": "x"}).json()
    assert (body["code"], list(body["errors"])) == ("invalid", ["code"])


@pytest.mark.parametrize("seconds", [299, 301])
def test_a_challenge_for_anybody_is_good_for_five_minutes(api, passkey, seconds, monkeypatch):
    given = asked(api)
    later = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert answer(api, given, passkey.get(given["public_key"])).status_code == (200 if seconds < 300 else 401)


def test_both_steps_are_described(api):
    document = api.get("/api/schema/", accept="application/json").json()
    schemas = document["components"]["schemas"]
    assert set(schemas["PasskeyChallenge"]["required"]) == {"challenge", "public_key"}
    assert "credential" in schemas["SignInRequest"]["properties"]
    assert "public_key" in schemas["FactorNeeded"]["properties"]
    [described] = [entry for path, entry in document["paths"].items() if path.startswith("/api/token/passkey")]
    assert "requestBody" not in described["post"]

"""Passkeys attacked by name, at the JSON door and on the pages: Web Authentication Level 3, sections 7.1, 7.2 and 13."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Session, SignInChallenge, User
from tests.accounts.api.client import Api
from tests.at_once import at_once
from tests.explained import explained, last_explained
from tests.passkey_doors import (
    LOGIN,
    OPTIONS,
    WRONG,
    answer,
    asked,
    asked_after_password,
    asked_on_page,
    owner,
    signed_in_by_page,
)
from tests.people import PASSWORD, MakePerson
from tests.software_authenticator import PRESENT, VERIFIED, SoftwareAuthenticator, give_passkey, row_of
from trust.audit.models import AuditEvent
from trust.explain.vocabulary import Found
from trust.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.spec("Web Authentication", "7.2")]


@pytest.fixture
def passkey(person: User) -> SoftwareAuthenticator:
    return give_passkey(person)


@pytest.fixture
def browser() -> Client:
    return Client()


def reasons() -> list[str]:
    return [event.details["reason"] for event in AuditEvent.objects.of_action("passkey.refused") if event.details]


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_answer_signs_nobody_in(passkey: SoftwareAuthenticator, browser: Client, what: str) -> None:
    for name, value in WRONG[what].items():
        setattr(passkey, name, value)
    given = asked(Api())
    refused = answer(Api(), given, passkey.get(given["public_key"]))
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_passkey")
    assert last_explained().finding == Found.PASSKEY_WRONG
    assert not signed_in_by_page(browser, passkey.get(asked_on_page(browser)))
    assert [row.finding for row in explained()] == [Found.PASSKEY_WRONG] * 2
    assert not Session.objects.exists()


@pytest.mark.parametrize("what", [what for what in WRONG if what != "nobody verified"])
def test_a_wrong_answer_is_no_second_step(passkey: SoftwareAuthenticator, browser: Client, what: str) -> None:
    for name, value in WRONG[what].items():
        setattr(passkey, name, value)
    given = asked_after_password(Api())
    assert answer(Api(), given, passkey.get(given["public_key"])).json()["code"] == "invalid_passkey"
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    credential = passkey.get(asked_on_page(browser, "second-step"))
    browser.post("/accounts/2fa/authenticate/", {"credential": json.dumps(credential)})
    assert browser.get("/accounts/").status_code == 302
    assert not Session.objects.exists()


def test_a_registration_is_no_proof(passkey: SoftwareAuthenticator) -> None:
    given = asked(Api())
    credential = passkey.get(given["public_key"], type="webauthn.create")
    assert answer(Api(), given, credential).status_code == 401


def test_an_answer_is_good_once(passkey: SoftwareAuthenticator, browser: Client) -> None:
    given = asked(Api())
    credential = passkey.get(given["public_key"])
    assert answer(Api(), given, credential).status_code == 200
    assert answer(Api(), given, credential).json()["code"] == "invalid_passkey"

    credential = passkey.get(asked_on_page(browser))
    assert signed_in_by_page(browser, credential)
    browser.post("/accounts/logout/")
    assert not signed_in_by_page(browser, credential)


def test_an_answer_is_of_the_browser_that_was_asked(passkey: SoftwareAuthenticator, browser: Client) -> None:
    """Whoever has an answer, by a page of theirs or from a log, has nothing (also: login CSRF)."""
    credential = passkey.get(asked_on_page(browser))
    thief = Client()
    assert not signed_in_by_page(thief, credential)
    asked_on_page(thief)
    assert not signed_in_by_page(thief, credential)
    given, other = asked(Api()), asked(Api())
    assert answer(Api(), other, passkey.get(given["public_key"])).status_code == 401


@pytest.mark.parametrize("whose", ["", "user_handle"])
def test_anothers_passkey_is_no_second_step(
    passkey: SoftwareAuthenticator, make_person: MakePerson, whose: str
) -> None:
    """CVE-2023-26481's kind: the step of one person answered by another, also under the first one's name."""
    bobs = give_passkey(make_person("bob"))
    if whose:
        bobs.user_handle = passkey.user_handle
    given = asked_after_password(Api())
    assert answer(Api(), given, bobs.get(given["public_key"])).json()["code"] == "invalid_passkey"
    alone = asked(Api())
    status = answer(Api(), alone, bobs.get(alone["public_key"])).status_code
    assert status == (401 if whose else 200)
    assert not Session.objects.of_user(owner(passkey).pk).exists()


def test_anothers_credential_id_does_not_make_a_key_theirs(
    passkey: SoftwareAuthenticator, make_person: MakePerson
) -> None:
    """Even kept a second time (7.1 step 26), it proves whom its handle names, with that person's own key."""
    bobs = give_passkey(make_person("bob"), credential_id=passkey.credential_id)
    bobs.user_handle = passkey.user_handle
    given = asked(Api())
    assert answer(Api(), given, bobs.get(given["public_key"])).status_code == 401


def test_a_question_for_the_second_step_does_not_sign_in_alone(passkey: SoftwareAuthenticator, browser: Client) -> None:
    """It does not demand that the key verifies the person: the password would be left out, and the finger too."""
    passkey.flags = PRESENT
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    credential = passkey.get(asked_on_page(browser, "second-step"))
    assert not signed_in_by_page(browser, credential)
    given, alone = asked_after_password(Api()), asked(Api())
    passkey.flags = PRESENT | VERIFIED
    assert answer(Api(), alone, passkey.get(given["public_key"])).status_code == 401
    assert answer(Api(), given, passkey.get(alone["public_key"])).status_code == 401
    assert not Session.objects.exists()


@pytest.mark.parametrize(("kept", "shown"), [(7, 7), (7, 6), (7, 0)])
def test_a_counter_that_does_not_go_on_is_a_copied_key(passkey: SoftwareAuthenticator, kept: int, shown: int) -> None:
    passkey.counter = kept
    given = asked(Api())
    assert answer(Api(), given, passkey.get(given["public_key"])).status_code == 200
    passkey.counter = shown
    given = asked(Api())
    assert answer(Api(), given, passkey.get(given["public_key"])).json()["code"] == "invalid_passkey"
    assert reasons() == ["counter"]
    assert row_of(passkey).data["sign_count"] == kept


def test_the_counter_of_the_registration_counts(person: User) -> None:
    passkey = give_passkey(person, counter=3)
    given = asked(Api())
    assert answer(Api(), given, passkey.get(given["public_key"])).status_code == 401


@pytest.mark.parametrize("door", ["alone", "after the password", "page"])
def test_an_answer_after_five_minutes_is_refused(
    passkey: SoftwareAuthenticator, browser: Client, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    api = Api()
    given = asked_after_password(api) if door == "after the password" else asked(api)
    options = asked_on_page(browser) if door == "page" else given["public_key"]
    SignInChallenge.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    later = clock.now() + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    if door == "page":
        assert not signed_in_by_page(browser, passkey.get(options))
    else:
        assert answer(api, given, passkey.get(options)).status_code == 401


def test_a_challenge_dies_after_five_wrong_passkeys(passkey: SoftwareAuthenticator, settings: Any) -> None:
    settings.RATE_LIMITS = False
    given, good = asked_after_password(Api()), dict(passkey.__dict__)
    passkey.origin = "https://evil.example"
    wrong = passkey.get(given["public_key"])
    assert [answer(Api(), given, wrong).json()["code"] for _ in range(5)] == ["invalid_passkey"] * 5
    passkey.origin = good["origin"]
    assert answer(Api(), given, passkey.get(given["public_key"])).json()["code"] == "invalid_challenge"


def test_asking_is_limited_by_address() -> None:
    statuses = {Api().post("/api/token/passkey/").status_code for _ in range(130)}
    assert statuses == {200, 429}
    refused = Api().post("/api/token/passkey/")
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_flood_of_wrong_passkeys_locks_no_password(passkey: SoftwareAuthenticator) -> None:
    """An answer names whom it likes: it must cost that person nothing."""
    passkey.flags = PRESENT
    for _ in range(15):
        given = asked(Api())
        answer(Api(), given, passkey.get(given["public_key"]))
    assert asked_after_password(Api())["code"] == "mfa_required"


@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"id": 1},
        {"rawId": "AA", "response": []},
        {"rawId": "é", "response": {"clientDataJSON": "AA"}},
        {"rawId": "AA", "response": {"clientDataJSON": "W10", "authenticatorData": "AA", "signature": "AA"}},
        {"rawId": "AA", "response": {"clientDataJSON": "bnVsbA", "authenticatorData": "AA", "signature": None}},
        {"rawId": "AA", "response": {"clientDataJSON": "W1tb" * 2000, "authenticatorData": "gQ" * 40}},
        {"rawId": "A" * 20000},
        {"rawId": "AA", "response": {"userHandle": {"a": []}}},
    ],
)
def test_nonsense_is_refused_and_never_a_fault(passkey: SoftwareAuthenticator, browser: Client, junk: Any) -> None:
    assert answer(Api(), asked(Api()), junk).status_code in {400, 401}
    assert answer(Api(), asked_after_password(Api()), junk).status_code in {400, 401}
    asked_on_page(browser)
    assert browser.post(LOGIN, {"credential": json.dumps(junk)}).status_code == 302
    prove = Client()
    prove.force_login(owner(passkey))
    prove.post(f"{OPTIONS}/prove-again/")
    assert prove.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": json.dumps(junk)}).status_code == 200


@pytest.mark.parametrize("text", ["", "[" * 10000, "nonsense", "null", "1", '{"a":1,"a":2}', '"\\ud800"', "9" * 20000])
def test_what_is_no_answer_on_a_page_is_never_a_fault(browser: Client, text: str) -> None:
    asked_on_page(browser)
    assert browser.post(LOGIN, {"credential": text}).status_code == 302


@pytest.mark.parametrize("challenge", ["passkey.", "passkey.AAAA", "passkey." + "A" * 900, "passkey.é"])
def test_a_challenge_that_is_not_ours_is_refused(passkey: SoftwareAuthenticator, challenge: str) -> None:
    given = asked(Api())
    response = answer(Api(), {"challenge": challenge}, passkey.get(given["public_key"]))
    assert response.json()["code"] == "invalid_challenge"


def test_a_challenge_for_anybody_takes_no_code(passkey: SoftwareAuthenticator, totp: Any) -> None:
    given = asked(Api())
    assert Api().post("/api/token/", {"challenge": given["challenge"], "code": totp.now()}).status_code == 401


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["alone", "after the password"])
def test_of_eight_at_once_with_one_answer_one_signs_in(passkey: SoftwareAuthenticator, door: str) -> None:
    given = asked(Api()) if door == "alone" else asked_after_password(Api())
    credential = passkey.get(given["public_key"])
    statuses = at_once(8, lambda: answer(Api(), given, credential).status_code)
    assert statuses.count(200) == 1
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_copies_at_once_with_one_count_one_signs_in(passkey: SoftwareAuthenticator) -> None:
    passkey.counter = 4
    answers = [(given, passkey.get(given["public_key"])) for given in (asked(Api()), asked(Api()))]
    statuses = at_once(2, lambda: answer(Api(), *answers.pop()).status_code)
    assert sorted(statuses) == [200, 401]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_host_header_names_no_relying_party(passkey: SoftwareAuthenticator, host: str) -> None:
    browser = Client(headers={"host": host})
    assert asked_on_page(browser)["rpId"] == "testserver"
    assert asked(Api(headers={"host": host}))["public_key"]["rpId"] == "testserver"


def test_questions_are_asked_by_post_with_the_pages_token_only(passkey: SoftwareAuthenticator) -> None:
    browser = Client(enforce_csrf_checks=True)
    for step in ("sign-in", "second-step", "prove-again", "add"):
        assert browser.get(f"{OPTIONS}/{step}/").status_code in {302, 405}
        assert browser.post(f"{OPTIONS}/{step}/").status_code == 403


def test_who_is_not_signed_in_is_asked_as_nobody(passkey: SoftwareAuthenticator, browser: Client) -> None:
    """No question tells a stranger which passkeys a person has."""
    assert asked_on_page(browser).get("allowCredentials", []) == []
    for step in ("second-step", "prove-again", "add"):
        assert browser.post(f"{OPTIONS}/{step}/").status_code == 302

"""What becomes of a person's passkeys: who adds, renames and removes them, and what must not be kept or go."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.services import passkeys
from tests.accounts.api.client import Api
from tests.passkey_doors import (
    ADD,
    OPTIONS,
    RIGHT_WHEN_NEW,
    WRONG,
    answer,
    asked,
    asked_on_page,
    prove_password,
    signed_in_by_page,
)
from tests.people import PASSWORD, MakePerson
from tests.software_authenticator import SoftwareAuthenticator, give_passkey, row_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey(person: User) -> SoftwareAuthenticator:
    return give_passkey(person)


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.mark.parametrize("what", [what for what in WRONG if what not in RIGHT_WHEN_NEW])
@pytest.mark.spec("Web Authentication", "7.1")
def test_a_wrong_registration_is_not_kept(person: User, browser: Client, what: str) -> None:
    prove_password(browser)
    made = SoftwareAuthenticator(**WRONG[what])
    credential = made.create(asked_on_page(browser, "add"))
    assert browser.post(ADD, {"credential": json.dumps(credential), "name": "x"}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.spec("Web Authentication", "7.1")
def test_a_right_registration_is_kept_once_with_nothing_else(person: User, browser: Client) -> None:
    prove_password(browser)
    made = SoftwareAuthenticator()
    credential = made.create(asked_on_page(browser, "add")) | {"is_staff": True}
    body = {"credential": json.dumps(credential), "name": "  <b>Blue</b>  "}
    assert browser.post(ADD, body).status_code == 302
    kept = row_of(made).data
    assert set(kept) == {"name", "credential"}
    assert "is_staff" not in str(kept)
    assert kept["name"] == "<b>Blue</b>"
    assert b"<b>Blue</b>" not in browser.get("/accounts/2fa/webauthn/").content
    assert browser.post(ADD, body).status_code == 200
    again = made.create(asked_on_page(browser, "add"))
    assert browser.post(ADD, {"credential": json.dumps(again)}).status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_passkey_is_not_added_without_a_fresh_proof(person: User, browser: Client) -> None:
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert browser.post(f"{OPTIONS}/add/").status_code == 302
    assert browser.get(ADD).status_code == 302
    assert browser.post(ADD, {"credential": "{}"}).status_code == 302


def test_nobody_touches_anothers_passkey(passkey: SoftwareAuthenticator, make_person: MakePerson) -> None:
    make_person("bob")
    bob, row = Client(), row_of(passkey)
    bob.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    bob.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for page in ("edit", "remove"):
        assert bob.post(f"/accounts/2fa/webauthn/keys/{row.pk}/{page}/", {"name": "mine"}).status_code == 404
    assert row_of(passkey).data["name"] == "A key"


def test_a_person_keeps_no_more_passkeys_than_are_allowed(person: User, browser: Client) -> None:
    prove_password(browser)
    for _ in range(20):
        give_passkey(person)
    credential = SoftwareAuthenticator().create(asked_on_page(browser, "add"))
    browser.post(ADD, {"credential": json.dumps(credential)})
    assert Authenticator.objects.filter(type="webauthn").count() == 20


def by_passkey(browser: Client, passkey: SoftwareAuthenticator) -> None:
    assert signed_in_by_page(browser, passkey.get(asked_on_page(browser)))
    credential = passkey.get(asked_on_page(browser, "prove-again"))
    browser.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": json.dumps(credential)})


def remove(browser: Client, passkey: SoftwareAuthenticator) -> bool:
    path = f"/accounts/2fa/webauthn/keys/{row_of(passkey).pk}/remove/"
    assert browser.post(path).status_code == 302
    return not any(row.data["credential"]["rawId"] == passkey.get({"challenge": "AA"})["rawId"] for row in rows())


def rows() -> list[Authenticator]:
    return list(Authenticator.objects.filter(type="webauthn"))


def test_the_only_way_in_is_not_removed(person: User, passkey: SoftwareAuthenticator, browser: Client) -> None:
    person.set_password(None)
    person.save()
    by_passkey(browser, passkey)
    assert not remove(browser, passkey)
    second = give_passkey(person)
    assert remove(browser, second)
    assert not remove(browser, passkey)


def test_the_last_factor_stays_beside_a_short_password(
    person: User, passkey: SoftwareAuthenticator, browser: Client
) -> None:
    person.has_long_password = False
    person.save()
    by_passkey(browser, passkey)
    assert not remove(browser, passkey)
    give_passkey(person)
    assert remove(browser, passkey)


def test_a_removed_passkey_ends_the_other_sessions_and_signs_nobody_in(
    person: User, passkey: SoftwareAuthenticator, browser: Client
) -> None:
    other = Client()
    assert signed_in_by_page(other, passkey.get(asked_on_page(other)))
    by_passkey(browser, passkey)
    assert remove(browser, passkey)
    assert (browser.get("/accounts/").status_code, other.get("/accounts/").status_code) == (200, 302)
    assert AuditEvent.objects.of_action("person.factor_changed").get().details == {
        "factor": "webauthn",
        "change": "removed",
    }
    given = asked(Api())
    assert answer(Api(), given, passkey.get(given["public_key"])).status_code == 401


def test_a_new_name_is_noted_and_moves_no_counter(
    person: User, passkey: SoftwareAuthenticator, browser: Client
) -> None:
    passkey.counter = 1
    by_passkey_counting(browser, passkey)
    row = row_of(passkey)
    browser.post(f"/accounts/2fa/webauthn/keys/{row.pk}/edit/", {"name": "Blue"})
    kept = row_of(passkey).data
    assert (kept["name"], kept["sign_count"]) == ("Blue", passkey.counter)
    assert AuditEvent.objects.of_action("passkey.renamed").get().subject == person.pk


def by_passkey_counting(browser: Client, passkey: SoftwareAuthenticator) -> None:
    assert signed_in_by_page(browser, passkey.get(asked_on_page(browser)))
    passkey.counter += 1
    credential = passkey.get(asked_on_page(browser, "prove-again"))
    browser.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": json.dumps(credential)})


def test_the_only_way_in_is_told_apart_by_whether_it_signs_in(person: User) -> None:
    """A key that works after a password only is no way in for who has none."""
    person.set_password(None)
    person.save()
    first, beside = give_passkey(person), row_of(give_passkey(person))
    beside.data["credential"]["clientExtensionResults"] = {"credProps": {"rk": False}}
    beside.save()
    assert passkeys.is_only_way_in(user=person, passkey=row_of(first))
    assert not passkeys.is_only_way_in(user=person, passkey=beside)

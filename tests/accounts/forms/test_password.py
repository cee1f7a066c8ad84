"""Changing and resetting a password: guesses are counted, and only the person's own address gets a link."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from accounts.services import people
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.security.waits import lengthen_waits
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

NEW = "a quite different passphrase"


def sign_in(client: Client) -> None:
    assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 302


def change(client: Client, old: str):
    return client.post("/accounts/password/change/", {"oldpassword": old, "password1": NEW, "password2": NEW})


def ask(client: Client, email: str):
    return client.post("/accounts/password/reset/", {"email": email})


def links() -> dict[str, str]:
    found = {message.to[0]: re.search(r"/password/reset/key/(\S+)/", message.body) for message in mail.outbox}
    return {to: match[1] for to, match in found.items() if match}


def test_a_right_old_password_changes_it_and_forgets_the_guesses(client, person):
    sign_in(client)
    for _ in range(3):
        assert change(client, "wrong").status_code == 200
    assert change(client, PASSWORD).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_guesses_at_the_old_password_count_as_at_every_other_door(client, person, settings):
    """A stolen browser session is no way to guess the password without end."""
    settings.ACCOUNT_RATE_LIMITS = False
    sign_in(client)
    for _ in range(10):
        assert change(client, "wrong").status_code == 200
    lengthen_waits()
    assert change(client, PASSWORD).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code == 429


def test_a_reset_finds_the_address_whatever_its_case(client, make_person, deliver_mail):
    make_person(email="Alice.Liddell@Example.COM")
    ask(client, "ALICE.liddell@example.com")
    deliver_mail()
    assert set(links()) == {"alice.liddell@example.com"}


@pytest.mark.parametrize("look_alike", ["al\u0131ce@example.com", "alice@e\u2093ample.com", "ａlice@example.com"])
def test_an_address_that_looks_alike_gets_no_link(client, person, deliver_mail, look_alike):
    """CVE-2019-19844: the database found the person by case folding, and the mail went to the look-alike."""
    ask(client, look_alike)
    deliver_mail()
    assert links() == {}


def test_an_address_only_asked_for_gets_no_link(client, person, deliver_mail):
    EmailAddress.objects.create(user=person, email="asked-for@example.com")
    ask(client, "asked-for@example.com")
    deliver_mail()
    assert links() == {}


def test_a_disabled_person_gets_no_link(client, person, deliver_mail):
    people.deactivate(user=person, actor=None)
    ask(client, "alice@example.com")
    deliver_mail()
    assert links() == {}


def test_a_link_sent_before_does_not_let_a_disabled_person_in(client, person, deliver_mail):
    ask(client, "alice@example.com")
    deliver_mail()
    people.deactivate(user=person, actor=None)
    page = client.get(f"/accounts/password/reset/key/{links()['alice@example.com']}/", follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert client.post("/accounts/login/", {"login": "alice", "password": NEW}).headers.get("Location") != "/accounts/"


def test_a_link_is_good_for_an_hour(client, person, deliver_mail, settings):
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    ask(client, "alice@example.com")
    deliver_mail()
    settings.PASSWORD_RESET_TIMEOUT = -1
    page = client.get(f"/accounts/password/reset/key/{links()['alice@example.com']}/", follow=True)
    assert "password1" not in page.content.decode()


def test_who_asked_is_noted(client, person):
    ask(client, "alice@example.com")
    ask(client, "nobody@example.com")
    noted = AuditEvent.objects.of_action("password_reset.asked").values_list("subject", "identifier")
    assert set(noted) == {(person.pk, "alice@example.com"), (None, "nobody@example.com")}


def test_one_address_may_not_ask_without_end(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    statuses = [ask(client, f"person{number}@example.com").status_code for number in range(102)]
    assert statuses == [302] * 100 + [429] * 2


def test_addresses_are_kept_in_lower_case(make_person):
    person = make_person(email="Alice@Example.COM")
    assert User.objects.by_email("ALICE@EXAMPLE.com").get() == person
    assert person.email == "alice@example.com"
    assert person.has_verified_email

"""Ways to take over somebody's account by its address: waiting in it, changing it, racing for it."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.authentication import by_password
from accounts.errors import SignInOvertaken
from accounts.models import Session, SignInChallenge, User
from accounts.services import people, sessions
from tests.accounts.api.client import Api
from tests.at_once import at_once
from tests.people import PASSWORD
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

NEW = "a quite different passphrase"
ATTACKERS = "the attacker's passphrase"


def sign_in(login="alice", password=PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": login, "password": password})
    return client


def change_address(client: Client, email: str, password=PASSWORD):
    client.post("/accounts/reauthenticate/", {"password": password})
    return client.post("/accounts/email/", {"action_add": "", "email": email})


def links(deliver_mail, to: str, kind: str) -> list[str]:
    deliver_mail()
    bodies = [message.body for message in mail.outbox if message.to == [to]]
    return [match[1] for body in bodies if (match := re.search(rf"http://testserver(/accounts/{kind}/\S+)", body))]


def reset(client: Client, link: str, password=NEW) -> None:
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": password, "password2": password})


def sign_up(email: str, password: str, username="") -> Client:
    client = Client()
    client.post(
        "/accounts/signup/", {"email": email, "username": username, "password1": password, "password2": password}
    )
    return client


def test_who_signed_up_first_with_my_address_does_not_keep_it(deliver_mail):
    """Account pre-hijacking: better-auth CVE-2026-53516 and its like."""
    attacker = sign_up("alice@example.com", ATTACKERS)
    assert sign_in("alice@example.com", ATTACKERS).get("/accounts/").status_code == 302
    sign_up("alice@example.com", PASSWORD)
    assert User.objects.count() == 1
    victim = Client()
    victim.post("/accounts/password/reset/", {"email": "alice@example.com"})
    reset(victim, links(deliver_mail, "alice@example.com", "password/reset")[-1])
    victim.post(links(deliver_mail, "alice@example.com", "confirm-email")[-1])
    assert sign_in("alice@example.com", NEW).get("/accounts/").status_code == 200
    assert sign_in("alice@example.com", ATTACKERS).get("/accounts/").status_code == 302
    assert attacker.get("/accounts/").status_code == 302


def test_a_change_of_address_asked_for_before_a_reset_is_dropped(person, deliver_mail):
    """The attacker's change would else wait for its link, until after the owner has won the account back."""
    change_address(sign_in(), "attacker@example.com")
    [waiting] = links(deliver_mail, "attacker@example.com", "confirm-email")
    owner = Client()
    owner.post("/accounts/password/reset/", {"email": "alice@example.com"})
    reset(owner, links(deliver_mail, "alice@example.com", "password/reset")[-1])
    Client().post(waiting)
    person.refresh_from_db()
    assert person.email == "alice@example.com"
    assert [address.email for address in EmailAddress.objects.all()] == ["alice@example.com"]


def test_a_step_that_waits_for_a_code_is_dropped_at_a_reset(person, totp):
    challenge = Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).json()["challenge"]
    people.replace_password(user=person, password=NEW, keep=None, origin=Origin())
    assert not SignInChallenge.objects.exists()
    answer = Api().post("/api/token/", {"challenge": challenge, "code": totp.now()})
    assert answer.json()["code"] == "invalid_challenge"


def test_nobody_signs_in_by_an_address_only_asked_for(make_person, person):
    """Else a sign-in with one's own password, by somebody else's address, would reset the count of guesses at theirs."""
    unverified = make_person("carol", verified=False)
    EmailAddress.objects.create(user=person, email=unverified.email)
    for login in (unverified.email, "not.yet@example.com"):
        EmailAddress.objects.get_or_create(user=person, email=login)
        assert Api().post("/api/token/", {"email": login, "password": PASSWORD + "?"}).status_code == 401
    assert Api().post("/api/token/", {"email": "not.yet@example.com", "password": PASSWORD}).status_code == 401
    assert not Session.objects.exists()


def test_a_changed_address_is_proved_first_and_the_old_one_is_told(person, deliver_mail):
    client = sign_in()
    change_address(client, "New@Example.com")
    person.refresh_from_db()
    assert person.email == "alice@example.com"
    [link] = links(deliver_mail, "new@example.com", "confirm-email")
    client.get(link)
    person.refresh_from_db()
    assert person.email == "alice@example.com"
    client.post(link)
    deliver_mail()
    person.refresh_from_db()
    assert person.email == "new@example.com"
    told = [message for message in mail.outbox if message.to == ["alice@example.com"]]
    assert "new@example.com" in told[-1].body
    actions = list(AuditEvent.objects.about(person.pk).values_list("action", flat=True))
    assert {"person.email_change_asked", "person.email_verified", "person.email_changed"} <= set(actions)
    assert Client().post(link).status_code == 404


def test_the_address_is_not_changed_without_a_fresh_proof(person):
    client = sign_in()
    Session.objects.update(auth_time=clock.now())
    stored = client.session
    stored["account_authentication_methods"] = [
        record | {"at": record["at"] - 86400} for record in stored["account_authentication_methods"]
    ]
    stored.save()
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"})
    assert not EmailAddress.objects.filter(email="new@example.com").exists()


def test_asking_for_a_taken_address_looks_like_asking_for_a_free_one(person, make_person):
    make_person("bob")
    client = sign_in()
    taken, free = change_address(client, "bob@example.com"), change_address(client, "free@example.com")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])


def test_an_address_that_a_stranger_took_meanwhile_is_refused_and_nothing_is_half_done(person, deliver_mail):
    client = sign_in()
    change_address(client, "wanted@example.com")
    [link] = links(deliver_mail, "wanted@example.com", "confirm-email")
    people.create_person(username="mallory", email="wanted@example.com", password=ATTACKERS, verified=False)
    assert client.post(link).status_code < 500
    person.refresh_from_db()
    assert person.email == "alice@example.com"
    assert EmailAddress.objects.get(user=person, primary=True).email == "alice@example.com"
    assert EmailAddress.objects.get(user=person, primary=True).verified


@pytest.mark.django_db(transaction=True)
def test_of_two_who_prove_one_address_at_once_one_has_it(person, make_person, deliver_mail):
    waiting = []
    for user in (person, make_person("bob")):
        client = sign_in(user.username)
        change_address(client, "shared@example.com")
        waiting.append((client, links(deliver_mail, "shared@example.com", "confirm-email")[-1]))
    turns = iter(waiting * 4)
    lock = threading.Lock()

    def confirm() -> int:
        with lock:
            client, link = next(turns)
        return client.post(link).status_code

    statuses = at_once(8, confirm)
    assert all(status < 500 for status in statuses)
    assert User.objects.by_email("shared@example.com").count() == 1
    assert EmailAddress.objects.filter(email="shared@example.com", verified=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_reset_link_at_once_sets_one_password(person, deliver_mail):
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    [link] = links(deliver_mail, "alice@example.com", "password/reset")
    numbers = iter(range(8))
    browsers = {number: Client() for number in range(8)}
    pages = {number: browser.get(link, follow=True).request["PATH_INFO"] for number, browser in browsers.items()}

    def choose() -> int:
        number = next(numbers)
        form = {"password1": f"{NEW} {number}", "password2": f"{NEW} {number}"}
        return browsers[number].post(pages[number], form).status_code

    assert all(status < 500 for status in at_once(8, choose))
    person.refresh_from_db()
    assert sum(person.check_password(f"{NEW} {number}") for number in range(8)) == 1


def test_a_sign_in_that_a_new_password_overtook_is_none(person):
    """The old password was right when it was checked; the session would outlive "end all"."""
    checked = User.objects.get(pk=person.pk)
    people.replace_password(user=person, password=NEW, keep=None, origin=Origin())
    with pytest.raises(SignInOvertaken):
        sessions.start(
            user=checked, kind=Session.Kind.API, authentication=by_password(auth_time=clock.now()), origin=Origin()
        )
    assert not Session.objects.exists()


def test_a_sign_in_that_waits_for_its_code_does_not_outlive_the_password(person, totp):
    """The thief has given the stolen password, and waits with a code until its person has reset it."""
    thief = Client()
    thief.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    people.replace_password(user=person, password=NEW, keep=None, origin=Origin())
    answer = thief.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert answer["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in thief.session
    assert not Session.objects.exists()
    thief.post("/accounts/login/", {"login": "alice", "password": NEW})
    assert "_auth_user_id" not in thief.session


@pytest.mark.django_db(transaction=True)
def test_no_sign_in_with_the_old_password_survives_its_replacement(person):
    """S4, in a race: seven sign in while one changes the password."""
    turns = iter([True] + [False] * 7)

    def act() -> int:
        if next(turns):
            people.replace_password(user=User.objects.get(pk=person.pk), password=NEW, keep=None, origin=Origin())
            return 0
        return Api().post("/api/token/", {"username": "alice", "password": PASSWORD}).status_code

    for _ in range(3):
        statuses = at_once(8, act)
        assert set(statuses) <= {0, 200, 401, 429, 503}
        assert not Session.objects.alive().exists()
        connections.close_all()
        people.replace_password(user=User.objects.get(pk=person.pk), password=PASSWORD, keep=None, origin=Origin())
        turns = iter([True] + [False] * 7)

"""Attacks on the copy of a person's data, on the deletion of an account and on the way back."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from accounts.errors import LastAdministrator
from accounts.models import DataExport, Session, User
from accounts.services import closing, data_exports, erasure, people
from tests.at_once import at_once
from tests.clients import Application, make_client
from tests.job_queue import run_queue
from tests.people import PASSWORD, MakePerson
from tests.recently_proved import let_the_proof_grow_old, recently_proved
from tests.security.waits import lengthen_waits
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
HOME = Origin("198.51.100.1", "Firefox")
PAGES = ["/accounts/data/", "/accounts/delete/", "/accounts/activity/"]


def exported(person: User) -> str:
    """Have an export prepared and return its path."""
    data_exports.ask(user=person, now=clock.now(), origin=HOME)
    run_queue("default")
    return f"/accounts/data/{DataExport.objects.of_user(person.pk).first().pk}/"


def way_back_of(person: User, *, now: Any = None) -> str:
    """Close an account and return the path of the mailed link."""
    erase_at = closing.close(user=person, now=now or clock.now(), origin=HOME)
    assert erase_at
    return f"/accounts/way-back/{closing._link(closing.WayBack(person.pk, erase_at))}/"


def state_of(person: User) -> tuple[bool, bool]:
    user = User.objects.by_id(person.pk).get()
    return (user.is_active, user.erase_at is not None)


# --- The copy of the data -----------------------------------------------------------------------------------


def test_anothers_export_is_not_there(person: User, make_person: MakePerson) -> None:
    path = exported(person)
    bob = recently_proved(make_person("bob"))
    unknown = bob.get(f"/accounts/data/{uuid.uuid4()}/")
    foreign = bob.get(path)
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert len(foreign.content) == len(unknown.content)
    assert not AuditEvent.objects.of_action("data_export.taken").exists()


def test_a_stolen_session_does_not_download_without_the_password(person: User) -> None:
    path = exported(person)
    thief = Client()
    thief.force_login(person)
    for answer in (thief.get(path), thief.get("/accounts/data/")):
        assert (answer.status_code, "/reauthenticate/" in answer["Location"]) == (302, True)
    thief.post("/accounts/data/")
    assert DataExport.objects.count() == 1


def test_a_proof_grows_old(person: User) -> None:
    path = exported(person)
    browser = recently_proved(person)
    assert browser.get(path).status_code == 200
    let_the_proof_grow_old(browser, seconds=301)
    assert browser.get(path).status_code == 302


def test_the_link_in_the_mail_opens_nothing_by_itself(person: User, deliver_mail: Any) -> None:
    exported(person)
    path = re.search(r"http://testserver(/\S+)", deliver_mail()[-1].body)[1]
    assert Client().get(path)["Location"].startswith("/accounts/login/")


def test_guesses_at_the_proof_are_counted(person: User) -> None:
    browser = Client()
    browser.force_login(person)
    for _ in range(10):
        browser.post("/accounts/reauthenticate/", {"password": "wrong", "next": "/accounts/delete/"})
    lengthen_waits()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/delete/"})
    assert browser.get("/accounts/delete/").status_code == 302


def test_the_download_is_kept_nowhere_and_run_by_no_browser(person: User) -> None:
    person.name = "</script><script>alert(1)</script>"
    person.save()
    answer = recently_proved(person).get(exported(person))
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert answer["Content-Type"] == "application/json"


def test_the_copy_stays_sealed_in_a_dump_of_the_database(person: User) -> None:
    exported(person)
    sealed = DataExport.objects.get().sealed
    assert "alice" not in sealed
    assert sealed.startswith("gAAAAA")  # Fernet's version and the beginning of its time


# --- The deletion ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_a_get_changes_nothing(person: User, path: str) -> None:
    browser = recently_proved(person)
    before = AuditEvent.objects.count()
    browser.get(path, {"confirmation": "alice"})
    assert state_of(person) == (True, False)
    assert (DataExport.objects.count(), AuditEvent.objects.count()) == (0, before)


@pytest.mark.parametrize("path", PAGES[:2])
def test_a_forged_form_changes_nothing(person: User, path: str) -> None:
    proved = recently_proved(person)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = proved.cookies
    answer = browser.post(path, {"confirmation": "alice"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert state_of(person) == (True, False)
    assert not DataExport.objects.exists()


def test_a_stolen_session_deletes_nothing_without_the_password(person: User) -> None:
    thief = Client()
    thief.post("/accounts/login/", {"login": "alice", "password": PASSWORD})  # a sign-in alone is no proof
    thief.post("/accounts/delete/", {"confirmation": "alice"})
    assert state_of(person) == (True, False)


def test_a_deletion_cannot_be_put_off_to_the_next_proof(person: User) -> None:
    """What a thief sends before the proof is not done by the proof that the person gives later."""
    thief = Client()
    thief.force_login(person)
    thief.post("/accounts/delete/", {"confirmation": "alice"})
    answer = thief.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/delete/"}, follow=True)
    assert answer.redirect_chain[-1] == ("/accounts/delete/", 302)
    assert state_of(person) == (True, False)


def test_nobody_closes_anothers_account(person: User, make_person: MakePerson) -> None:
    bob = make_person("bob")
    browser = recently_proved(bob)
    browser.post("/accounts/delete/", {"confirmation": "alice", "user": str(person.pk), "username": "bob"})
    assert (state_of(person), state_of(bob)) == ((True, False), (True, False))


def test_what_applications_hold_dies_with_the_closing_and_stays_dead(person: User) -> None:
    """Offline access too, which outlives a sign-out."""
    application = Application(make_client())
    application.sign_in()
    pair = application.tokens(scope="openid offline_access")
    path = way_back_of(person)
    assert application.refresh(pair["refresh_token"]).json()["error"] == "invalid_grant"
    bearer = {"authorization": f"Bearer {pair['access_token']}"}
    assert Client().get("/oauth/userinfo", headers=bearer).status_code == 401
    Client().post(path)
    assert state_of(person) == (True, False)
    assert application.refresh(pair["refresh_token"]).json()["error"] == "invalid_grant"
    assert Client().get("/oauth/userinfo", headers=bearer).status_code == 401


# --- The way back ----------------------------------------------------------------------------------------------


def test_looking_at_the_way_back_opens_nothing(person: User) -> None:
    """A mail scanner follows every link."""
    path = way_back_of(person)
    for method in ("get", "head"):
        assert getattr(Client(), method)(path).status_code == 200
    assert state_of(person) == (False, True)


def test_a_form_that_is_forged_for_the_way_back_is_refused(person: User) -> None:
    path = way_back_of(person)
    answer = Client(enforce_csrf_checks=True).post(path, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert state_of(person) == (False, True)


def test_a_link_opens_its_own_account_alone(person: User, make_person: MakePerson) -> None:
    bob, now = make_person("bob"), clock.now()
    path, _ = way_back_of(person, now=now), way_back_of(bob, now=now)
    assert Client().post(path).status_code == 302
    assert (state_of(person), state_of(bob)) == ((True, False), (False, True))


def test_an_altered_link_opens_nothing(person: User) -> None:
    path = way_back_of(person)
    named, time, signature = path.rstrip("/").rpartition("/")[2].split(":")
    value = [str(person.pk), User.objects.by_id(person.pk).get().erase_at.isoformat()]
    others = [
        f"{named}:{time}:{signature[:-2]}",
        f"{named}::{signature}",
        f"{named}:{time}",
        signing.dumps(value),  # signed for something else
        signing.dumps(value, salt="accounts.way-back", key="another key"),
        signing.dumps(value, salt="account"),
    ]
    for link in others:
        assert Client().post(f"/accounts/way-back/{link}/").status_code == 404
    assert state_of(person) == (False, True)


def test_a_replayed_way_back_opens_nothing_after_the_erasure(person: User, make_person: MakePerson) -> None:
    """Not even where somebody else has the name by then."""
    path = way_back_of(person)
    assert erasure.erase_due(now=clock.now() + timedelta(days=15)) == 1
    again = make_person("alice")
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 404
        assert "alice" not in answer.content.decode()
    assert state_of(again) == (True, False)


def test_a_replayed_way_back_does_not_undo_an_administrators_decision(person: User) -> None:
    path = way_back_of(person)
    assert Client().post(path).status_code == 302
    people.deactivate(user=person, actor=None)
    assert Client().post(path).status_code == 404
    assert state_of(person) == (False, False)


def test_a_way_back_signs_nobody_in(person: User) -> None:
    browser = Client()
    browser.post(way_back_of(person))
    assert "_auth_user_id" not in browser.session
    assert not Session.objects.alive().exists()


def test_the_mail_leads_to_us_whatever_host_the_request_named(person: User, settings: Any, deliver_mail: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    browser = recently_proved(person)
    browser.post("/accounts/delete/", {"confirmation": "alice"}, headers={"host": "evil.example"})
    body = deliver_mail()[-1].body
    assert "http://testserver/accounts/way-back/" in body
    assert "evil.example" not in body


# --- Races -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_deletions_at_once_one_counts(person: User) -> None:
    now = clock.now()
    closed = at_once(4, lambda: closing.close(user=person, now=now, origin=HOME))
    assert len([erase_at for erase_at in closed if erase_at]) == 1
    assert AuditEvent.objects.of_action("person.closed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_last_administrators_who_leave_at_once_one_stays(make_person: MakePerson) -> None:
    admins = [make_person(name, staff=True, superuser=True) for name in ("root", "toor")]
    assert sorted(_each_at_once([lambda user=user: _leaves(user) for user in admins])) == [False, True]
    assert User.objects.administrators().active().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_who_comes_back_while_being_erased_is_wholly_there_or_wholly_gone(person: User, attempt: int) -> None:
    erase_at = closing.close(user=person, now=clock.now(), origin=HOME)
    assert erase_at
    way_back = closing.WayBack(person.pk, erase_at)
    came_back, erased = _each_at_once(
        [
            lambda: closing.come_back(way_back=way_back, origin=HOME),
            lambda: erasure.erase_due(now=clock.now() + timedelta(days=15)) == 1,
        ]
    )
    assert came_back != erased
    assert User.objects.by_id(person.pk).active().exists() == came_back
    left = AuditEvent.objects.about(person.pk).with_personal_fields().exists()
    assert left == came_back


@pytest.mark.django_db(transaction=True)
def test_two_workers_erase_each_person_once(make_person: MakePerson) -> None:
    for number in range(4):
        closing.close(user=make_person(f"user{number}"), now=clock.now(), origin=HOME)
    erased = at_once(2, lambda: erasure.erase_due(now=clock.now() + timedelta(days=15)))
    assert sum(erased) == 4
    assert AuditEvent.objects.of_action("person.erased").count() == 4
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_exports_asked_for_at_once_one_is_prepared(person: User) -> None:
    def ask() -> bool:
        try:
            data_exports.ask(user=person, now=clock.now(), origin=HOME)
        except data_exports.ExportRefused:
            return False
        return True

    assert sum(at_once(4, ask)) == 1
    assert DataExport.objects.count() == 1


def _leaves(user: User) -> bool:
    try:
        return closing.close(user=user, now=clock.now(), origin=HOME) is not None
    except LastAdministrator:
        return False


def _each_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run different things at the same moment; return what came of each, in their order."""
    waiting = list(enumerate(acts))
    return [result for _, result in sorted(at_once(len(acts), lambda: _run(waiting.pop())))]


def _run(numbered: tuple[int, Callable[[], Any]]) -> tuple[int, Any]:
    return numbered[0], numbered[1]()

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Session, User
from trust.lib import clock

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]
LIST = "/admin/accounts/session/"


def test_finds_the_sessions_of_a_person(browser_of: BrowserOf, root: User, person: User) -> None:
    browser_of(person)
    session = Session.objects.of_user(person.pk).get()
    for term in ("alice", "ALICE@example", str(person.pk), str(session.pk)):
        found = browser_of(root).get(LIST, {"q": term}).context["cl"].result_list
        assert [session.user for session in found] == [person]


def test_tells_the_states_apart(browser_of: BrowserOf, root: User, person: User) -> None:
    for _ in range(2):
        browser_of(person)
    ended, expired = Session.objects.of_user(person.pk)
    Session.objects.by_id(ended.pk).update(ended_at=clock.now())
    Session.objects.by_id(expired.pk).update(expires_at=clock.now())
    client = browser_of(root)
    listed = {
        state: list(client.get(LIST, {"state": state}).context["cl"].result_list)
        for state in ("open", "ended", "expired")
    }
    assert listed == {"open": list(Session.objects.of_user(root.pk)), "ended": [ended], "expired": [expired]}
    assert client.get(LIST, {"state": "nonsense"}).status_code == 200


def test_ends_the_chosen(browser_of: BrowserOf, clerk: User, person: User) -> None:
    theirs = browser_of(person)
    session = Session.objects.of_user(person.pk).get()
    browser_of(clerk).post(LIST, {"action": "end", "_selected_action": [str(session.pk)]})
    session.refresh_from_db()
    assert session.ended_at is not None
    assert theirs.get("/accounts/profile/").status_code == 302


def test_staff_do_not_end_a_superusers(browser_of: BrowserOf, clerk: User, root: User) -> None:
    browser_of(root)
    session = Session.objects.of_user(root.pk).get()
    browser_of(clerk).post(LIST, {"action": "end", "_selected_action": [str(session.pk)]})
    session.refresh_from_db()
    assert session.ended_at is None


def test_staff_who_only_look_end_nothing(browser_of: BrowserOf, clerk: User, person: User) -> None:
    browser_of(person)
    session = Session.objects.of_user(person.pk).get()
    clerk.user_permissions.remove(*clerk.user_permissions.filter(codename="change_session"))
    browser_of(clerk).post(LIST, {"action": "end", "_selected_action": [str(session.pk)]})
    session.refresh_from_db()
    assert session.ended_at is None


def test_is_read_only_otherwise(browser_of: BrowserOf, root: User, person: User) -> None:
    browser_of(person)
    session = Session.objects.of_user(person.pk).get()
    client = browser_of(root)
    assert client.get(f"{LIST}{session.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{session.pk}/change/", {"acr": "phr"}).status_code == 403
    assert client.post(f"{LIST}{session.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403

"""Deleting one's account on the pages: typed, mailed, undone; and what a shut account says of itself."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import people
from tests.people import PASSWORD, MakePerson
from tests.recently_proved import recently_proved

pytestmark = pytest.mark.django_db
URL = "/accounts/delete/"


def is_active(person: User) -> bool:
    return bool(User.objects.by_id(person.pk).get().is_active)


def closed(person: User, deliver_mail: Any) -> str:
    """Close the account and return the path of the way back."""
    recently_proved(person).post(URL, {"confirmation": person.username})
    found = re.search(r"http://testserver(/accounts/way-back/\S+)", deliver_mail()[-1].body)
    assert found
    return found[1]


@pytest.mark.parametrize("typed", ["alice", "ALICE", " alice "])
def test_the_typed_username_closes_the_account(person: User, typed: str) -> None:
    browser = recently_proved(person)
    answer = browser.post(URL, {"confirmation": typed}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "Your account is closed and will be erased on" in answer.content.decode()
    assert not is_active(person)
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("typed", ["", "alic", "alice@example.com", "delete", "a" * 500, "alice\x00"])
def test_anything_else_does_not(person: User, typed: str) -> None:
    answer = recently_proved(person).post(URL, {"confirmation": typed})
    assert answer.status_code in {200, 400}
    assert is_active(person)


def test_the_last_administrator_is_told_why_not(make_person: MakePerson) -> None:
    root = make_person("root", staff=True, superuser=True)
    page = recently_proved(root).post(URL, {"confirmation": "root"}).content.decode()
    assert "You are the last administrator" in page
    assert is_active(root)


def test_the_way_back_is_shown_and_taken(person: User, client: Client, deliver_mail: Any) -> None:
    path = closed(person, deliver_mail)
    assert "Keep your account?" in client.get(path).content.decode()
    assert not is_active(person)
    answer = client.post(path, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "Your account is open again" in answer.content.decode()
    assert is_active(person)
    assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})["Location"] == "/accounts/"


def test_a_link_that_does_not_work_says_so(client: Client) -> None:
    for link in ("x", "x:y:z", "W10:1:2"):
        for answer in (client.get(f"/accounts/way-back/{link}/"), client.post(f"/accounts/way-back/{link}/")):
            assert answer.status_code == 404
            assert "This link does not work" in answer.content.decode()


def test_who_gives_the_right_password_learns_that_they_closed_it_once(
    person: User, client: Client, deliver_mail: Any
) -> None:
    closed(person, deliver_mail)
    answer = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/accounts/inactive/", 302)]
    assert "You asked for this account to be deleted" in answer.content.decode()
    assert "Account deactivated" in client.get("/accounts/inactive/").content.decode()


def test_who_was_deactivated_is_told_that_alone(person: User, client: Client) -> None:
    people.deactivate(user=person, actor=None)
    answer = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, follow=True)
    assert "Account deactivated" in answer.content.decode()
    assert "deleted" not in answer.content.decode()


def test_a_wrong_password_learns_nothing(person: User, make_person: MakePerson, deliver_mail: Any) -> None:
    make_person("bob")
    closed(person, deliver_mail)
    pages = []
    for name in ("alice", "bob"):
        answer = Client().post("/accounts/login/", {"login": name, "password": "wrong"})
        assert answer.status_code == 200
        page = answer.content.decode().replace(name, "NAME")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert pages[0] == pages[1]
    assert "closed" not in pages[0]

"""Who a login names: both ways find the same person, or nobody."""

import uuid
from typing import Any

import pytest

from accounts.models import User
from accounts.models.login import FIND_NAMED, LoginAsk, Named
from tests.accounts.models.test_session_rotation import both_ways
from tests.people import MakePerson
from tests.shared_statements import asked

pytestmark = pytest.mark.django_db


def find(writer: Any, login: str) -> Named | None:
    found: Named | None = asked(writer, FIND_NAMED, LoginAsk.of(login))
    return found


@both_ways
@pytest.mark.parametrize(
    "login", ["alice", "ALICE", "ａlice", "alice@example.com", "Alice@Example.COM", " alice@example.com "]
)
def test_a_username_or_an_address_whatever_its_case(writer: Any, person: User, login: str) -> None:
    found = find(writer, login)
    assert found is not None
    assert found.user == person
    assert (found.has_proved_address, found.has_factor) == (True, False)


@both_ways
@pytest.mark.parametrize("login", ["", "alic_", "alic%", "bob", "bob@example.com", "alice@example_com", "@", "alice "])
def test_nobody(writer: Any, person: User, login: str) -> None:
    assert find(writer, login) is None


@both_ways
def test_what_decides_about_the_sign_in(writer: Any, make_person: MakePerson, totp: Any) -> None:
    make_person("bob", verified=False)
    for login, expected in {"alice": (True, True), "bob": (False, False)}.items():
        found = find(writer, login)
        assert found is not None
        assert (found.has_proved_address, found.has_factor) == expected


@both_ways
def test_an_inactive_person_is_found_too(writer: Any, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    found = find(writer, "alice")
    assert found is not None
    assert found.user.is_active is False


@both_ways
def test_the_person_is_whole_though_little_of_them_was_read(
    writer: Any, person: User, django_assert_num_queries: Any
) -> None:
    User.objects.filter(pk=person.pk).update(given_name="Alice")
    found = find(writer, "alice")
    assert found is not None
    with django_assert_num_queries(0):
        read = (found.user.pk, found.user.username, found.user.email, found.user.password, found.user.is_active)
    assert read == (person.pk, "alice", "alice@example.com", person.password, True)
    assert isinstance(found.user.pk, uuid.UUID)
    assert found.user.given_name == "Alice"

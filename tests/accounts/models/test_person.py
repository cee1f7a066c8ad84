"""A person as clients are told of them: both ways look the same things up, and only what was wanted."""

import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.models.person import FIND_PERSON, Person, PersonAsk
from tests.shared_statements import WRITERS, asked, in_loop, together

pytestmark = pytest.mark.django_db

both_ways = pytest.mark.parametrize("writer", WRITERS)
CLAIMS: dict[str, Any] = {
    "name": "Alice Liddell", "given_name": "Alice", "family_name": "Liddell", "middle_name": "Pleasance",
    "nickname": "앨리스", "profile": "https://example.com/alice", "picture": "https://example.com/alice.png",
    "website": "https://alice.example", "gender": "female", "birthdate": "1852-05-04", "zoneinfo": "Europe/London",
    "locale": "en-GB", "phone_number": "+44 20 7946 0958", "phone_number_verified": True,
    "street_address": "Deanery\nChrist Church", "locality": "Oxford", "region": "Oxon", "postal_code": "OX1 1DP",
    "country": "UK",
}  # fmt: skip
ATTRIBUTES = {"department": "R&D", "level": 7, "share": 0.1, "lead": None, "on": True, "of": ["a", {"b": '한글 \\ "'}]}


@pytest.fixture
def alice(person: User) -> User:
    for name, value in CLAIMS.items():
        setattr(person, name, value)
    person.attributes = ATTRIBUTES
    person.save()
    person.groups.set([Group.objects.create(name=name) for name in ("zoo", "an eagle", "sales")])
    return person


def told(person: User, **changed: Any) -> Person:
    facts = {name: getattr(person, name) for name in Person._fields[:-2]}
    return Person(**facts, has_verified_email=False, roles=[])._replace(**changed)


@both_ways
@pytest.mark.parametrize("with_verified", [False, True])
@pytest.mark.parametrize("with_roles", [False, True])
def test_looks_up_what_is_wanted(alice: User, writer: Any, with_verified: bool, with_roles: bool) -> None:
    answer = asked(writer, FIND_PERSON, PersonAsk(alice.pk, with_verified, with_roles))
    roles = ["an eagle", "sales", "zoo"] if with_roles else []
    assert answer == told(alice, has_verified_email=with_verified, roles=roles)
    assert (type(answer.has_verified_email), type(answer.roles)) == (bool, list)


@both_ways
def test_attributes_are_what_they_were_set_to(alice: User, writer: Any) -> None:
    found = asked(writer, FIND_PERSON, PersonAsk(alice.pk, False, False)).attributes
    assert found == ATTRIBUTES
    assert (found["share"], found["on"], found["level"]) == (0.1, True, 7)
    assert type(found["level"]) is int


@both_ways
def test_who_has_nothing_is_told_as_nothing(person: User, writer: Any) -> None:
    person.groups.clear()
    answer = asked(writer, FIND_PERSON, PersonAsk(person.pk, True, True))
    assert answer == told(person, has_verified_email=True)
    assert (answer.attributes, answer.roles, answer.name) == ({}, [], "")
    assert answer.get_full_name() == "alice"


@both_ways
@pytest.mark.parametrize(
    ("address", "verified", "expected"),
    [
        ("alice@example.com", True, True),
        ("alice@example.com", False, False),
        ("Alice@Example.COM", True, True),
        ("Alice@Example.COM", False, False),
        ("other@example.com", True, False),
        ("alice@example_com", True, False),
        ("_lice@example.com", True, False),
        ("%", True, False),
    ],
)
def test_the_address_that_is_told_is_the_one_that_counts(
    person: User, writer: Any, address: str, verified: bool, expected: bool
) -> None:
    EmailAddress.objects.filter(user=person).update(email=address, verified=verified)
    answer = asked(writer, FIND_PERSON, PersonAsk(person.pk, True, False))
    assert answer.has_verified_email is expected


@both_ways
def test_no_pattern_is_seen_in_the_address_that_is_told(person: User, writer: Any) -> None:
    User.objects.filter(pk=person.pk).update(email="a_ice@example.com")
    answer = asked(writer, FIND_PERSON, PersonAsk(person.pk, True, False))
    assert (answer.email, answer.has_verified_email) == ("a_ice@example.com", False)


@both_ways
def test_an_address_that_another_verified_does_not_count(person: User, make_person: Any, writer: Any) -> None:
    bob = make_person("bob")
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=bob, email=person.email, verified=True)
    assert asked(writer, FIND_PERSON, PersonAsk(person.pk, True, False)).has_verified_email is False


@both_ways
def test_there_is_nobody_who_is_inactive_or_unknown(person: User, writer: Any) -> None:
    assert asked(writer, FIND_PERSON, PersonAsk(uuid.uuid4(), True, True)) is None
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert asked(writer, FIND_PERSON, PersonAsk(person.pk, True, True)) is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_in_one_statement_are_answered_as_each_alone(alice: User, make_person: Any) -> None:
    """The same person wanted in four ways, another one, and nobody, in one statement."""
    bob = make_person("bob")
    ways = [(verified, roles) for verified in (False, True) for roles in (False, True)]
    asks = [PersonAsk(alice.pk, *way) for way in ways] * 5
    asks += [PersonAsk(bob.pk, True, True), PersonAsk(uuid.uuid4(), True, True)]
    answers = in_loop(lambda: together(FIND_PERSON, asks))
    names = ["an eagle", "sales", "zoo"]
    expected = [told(alice, has_verified_email=verified, roles=names if roles else []) for verified, roles in ways]
    assert answers == [*expected * 5, told(bob, has_verified_email=True), None]

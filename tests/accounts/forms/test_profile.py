"""The profile form takes what the claims allow and says what to save."""

import pytest

from accounts.forms.profile import ProfileForm
from accounts.models import User
from tests.people import MakePerson


def filled_in(person: User, **changes: str) -> ProfileForm:
    kept = {name: getattr(person, name) for name in ProfileForm.Meta.fields}
    return ProfileForm(kept | changes, instance=person)


def test_only_what_changed_is_to_be_saved(person: User) -> None:
    form = filled_in(person, nickname="Al", website="https://alice.example")
    assert form.is_valid()
    assert form.claims() == {"nickname": "Al", "website": "https://alice.example"}


def test_another_phone_number_is_not_verified(person: User) -> None:
    person.phone_number, person.phone_number_verified = "+82 10 1234 5678", True
    form = filled_in(person, phone_number="+82 10 8765 4321")
    assert form.is_valid()
    assert form.claims() == {"phone_number": "+82 10 8765 4321", "phone_number_verified": False}


@pytest.mark.spec("OpenID Connect Core 1.0", "5.1")
@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("birthdate", "1999"),
        ("birthdate", "0000-03-22"),
        ("zoneinfo", "Asia/Seoul"),
        ("locale", "ko"),
        ("locale", "en-GB"),
        ("gender", "male"),
    ],
)
def test_accepts_a_claim_as_the_specification_writes_it(person: User, claim: str, value: str) -> None:
    form = filled_in(person, **{claim: value})
    assert form.is_valid()
    assert form.claims() == {claim: value}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("birthdate", "22.3.1999"),
        ("zoneinfo", "Asia/Nowhere"),
        ("zoneinfo", "../../etc/passwd"),
        ("zoneinfo", "Asia"),
        ("locale", "Korean, please"),
        ("picture", "javascript:alert(1)"),
        ("website", "not an address"),
        ("phone_number", "010 1234 5678"),
        ("nickname", "a" * 151),
        ("username", ""),
        ("username", "two words"),
        ("username", "al@ice"),
        ("username", "al\uff20ice"),
    ],
)
def test_refuses_what_a_claim_cannot_be(person: User, claim: str, value: str) -> None:
    form = filled_in(person, **{claim: value})
    assert list(form.errors) == [claim]


def test_a_gender_that_is_stored_can_be_kept(person: User) -> None:
    person.gender = "fluid"
    form = filled_in(person)
    assert form.is_valid()
    assert form.claims() == {}
    assert 'value="fluid" selected' in str(form["gender"])


def test_refuses_the_username_of_another_whatever_its_case(make_person: MakePerson) -> None:
    make_person("bob")
    assert list(filled_in(make_person("alice"), username="BOB").errors) == ["username"]


def test_ones_own_username_may_change_its_case(person: User) -> None:
    form = filled_in(person, username="Alice")
    assert form.is_valid()
    assert form.claims() == {"username": "Alice"}


def test_a_username_is_normalised(person: User) -> None:
    form = filled_in(person, username="\uff41lice2")
    assert form.is_valid()
    assert form.claims() == {"username": "alice2"}

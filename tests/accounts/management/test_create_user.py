"""create_user, as scripts and configuration kept in a repository use it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Session, User
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
ALICE = ("--username", "alice", "--email", "alice@example.com", "--password", PASSWORD)
OTHER_PASSWORD = "another horse and its battery"


def create(*arguments: str) -> Any:
    output = io.StringIO()
    call_command("create_user", *arguments, stdout=output)
    return json.loads(output.getvalue())


def create_from(document: Any, tmp_path: Path, *more: str) -> Any:
    file = tmp_path / "people.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return create("--json", str(file), *more)


@pytest.fixture
def refused() -> Any:
    """Run a command that is to be refused, and return the one line that says why."""

    def line(act: Any) -> str:
        before = list(User.objects.order_by("pk").values())
        with pytest.raises(CommandError) as error:
            act()
        assert error.value.returncode == 2
        assert list(User.objects.order_by("pk").values()) == before
        assert "\n" not in str(error.value)
        return str(error.value)

    return line


def test_makes_a_person_who_can_sign_in(client: Any) -> None:
    printed = create(*ALICE, "--verified")
    user = User.objects.get()
    assert printed == {
        "id": str(user.pk),
        "username": "alice",
        "email": "alice@example.com",
        "email_verified": True,
        "groups": [],
        "x_staff": False,
    }
    answer = client.post("/api/token/", {"username": "alice", "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 200


def test_an_address_is_not_verified_unless_somebody_says_so() -> None:
    assert create(*ALICE)["email_verified"] is False
    assert create("--username", "alice", "--verified")["email_verified"] is True
    assert create("--username", "alice")["email_verified"] is True


def test_without_a_password_nobody_can_sign_in_by_one() -> None:
    create("--username", "alice", "--email", "alice@example.com", "--staff")
    assert not User.objects.get().has_usable_password()
    assert User.objects.get().is_staff


@pytest.mark.spec("OpenID Connect Core 1.0", "5.1")
def test_takes_standard_claims_by_their_names(tmp_path: Path) -> None:
    claims = {
        "name": "Alice Liddell", "given_name": "Alice", "family_name": "Liddell", "middle_name": "P",
        "nickname": "Al", "profile": "https://alice.example/me", "picture": "https://alice.example/me.png",
        "website": "https://alice.example", "gender": "female", "birthdate": "1852-05-04", "zoneinfo": "Europe/London",
        "locale": "en-GB", "phone_number": "+44 20 1234 5678", "phone_number_verified": True,
        "address": {
            "street_address": "Christ Church", "locality": "Oxford", "region": "Oxfordshire",
            "postal_code": "OX1 1DP", "country": "England",
        },
        "groups": ["editors", "the staff"],
    }  # fmt: skip
    document = {"preferred_username": "alice", "email": "alice@example.com", "email_verified": True} | claims
    printed = create_from(document | {"password": PASSWORD}, tmp_path)
    assert {name: printed[name] for name in claims} == claims
    assert printed["email_verified"] is True
    assert User.objects.get().roles == ["editors", "the staff"]
    assert "password" not in printed


def test_running_again_changes_what_is_named_alone(tmp_path: Path) -> None:
    first = create_from({"username": "alice", "email": "alice@example.com", "given_name": "Alice"}, tmp_path, "--staff")
    again = create_from({"username": "ALICE", "nickname": "Al", "groups": ["editors"]}, tmp_path)
    assert again == first | {"nickname": "Al", "groups": ["editors"]}
    assert create("--username", "alice") == again


def test_the_same_again_changes_nothing() -> None:
    create(*ALICE, "--verified")
    events = AuditEvent.objects.count()
    create(*ALICE, "--verified")
    assert AuditEvent.objects.count() == events


def test_another_password_is_set_and_ends_the_sessions() -> None:
    create(*ALICE, "--verified")
    Api().sign_in(User.objects.get())
    create(*ALICE)
    assert Session.objects.alive().count() == 1
    create("--username", "alice", "--password", OTHER_PASSWORD)
    assert Session.objects.alive().count() == 0
    assert User.objects.get().check_password(OTHER_PASSWORD)


def test_another_address_takes_the_place_of_the_old_one() -> None:
    create(*ALICE, "--verified")
    printed = create("--username", "alice", "--email", "Liddell@example.com")
    assert (printed["email"], printed["email_verified"]) == ("liddell@example.com", False)
    assert User.objects.get().emailaddress_set.get().primary


def test_another_phone_number_is_not_verified(tmp_path: Path) -> None:
    person = {"username": "alice", "email": "alice@example.com", "phone_number": "+44 20 1234 5678"}
    assert create_from(person | {"phone_number_verified": True}, tmp_path)["phone_number_verified"] is True
    again = create_from({"username": "alice", "phone_number": "+44 20 8765 4321"}, tmp_path)
    assert again["phone_number_verified"] is False


def test_of_a_list_all_or_none_are_made(tmp_path: Path, refused: Any) -> None:
    people = [{"username": name, "email": f"{name}@example.com"} for name in ("bob", "charlie")]
    assert [person["username"] for person in create_from(people, tmp_path)] == ["bob", "charlie"]
    wrong = [{"username": "dave", "email": "dave@example.com"}, {"username": "erin", "email": "bob@example.com"}]
    assert refused(lambda: create_from(wrong, tmp_path)) == "person 2: email: somebody else has this address"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"email": "x@example.com"}, "username: is missing"),
        ({"username": "bob"}, "email: is missing"),
        ({"username": "bob", "email": "nowhere"}, "email: "),
        ({"username": "bob@example.com", "email": "b@example.com"}, "username: "),
        ({"username": "b" * 65, "email": "b@example.com"}, "username: "),
        ({"username": "bob", "email": "ALICE@example.com"}, "email: somebody else"),
        ({"username": "alice", "password": "too short"}, "password: "),
        ({"username": "bob", "email": "bob@example.com", "password": "bob@example.com"}, "password: "),
        ({"username": "alice", "zoneinfo": "Mars/Olympus"}, "zoneinfo: "),
        ({"username": "alice", "locale": "in English"}, "locale: "),
        ({"username": "alice", "birthdate": "yesterday"}, "birthdate: "),
        ({"username": "alice", "website": "javascript:alert(1)"}, "website: "),
        ({"username": "alice", "given_name": 7}, "given_name: must be a text"),
        ({"username": "alice", "email_verified": "yes"}, "email_verified: must be true or false"),
        ({"username": "alice", "address": "Oxford"}, "address: must be an object"),
        ({"username": "alice", "address": {"planet": "Earth"}}, "address: must be an object"),
        ({"username": "alice", "groups": [""]}, "groups: must be a list"),
        ({"username": "alice", "groups": {"a": 1}}, "groups: must be a list"),
        ({"username": "alice", "is_superuser": True}, "is_superuser: is not known here"),
        ({"username": "alice", "sub": "x"}, "sub: is not known here"),
    ],
)
def test_a_bad_value_ends_with_status_2_and_a_line_and_writes_nothing(
    document: dict[str, Any], said: str, tmp_path: Path, refused: Any
) -> None:
    create(*ALICE)
    assert refused(lambda: create_from(document, tmp_path)).startswith(said)


def test_attributes_are_taken_whole_printed_and_left_as_they_are_where_nothing_is_said(tmp_path: Path) -> None:
    attributes = {"department": "sales", "소속": ["서울"], "floor": 3, "guest": False}
    create(*ALICE)
    document = {"username": "alice", "x_attributes": attributes}
    assert create_from(document, tmp_path)["x_attributes"] == attributes
    events = AuditEvent.objects.count()
    assert create_from(document, tmp_path)["x_attributes"] == attributes
    assert create("--username", "alice")["x_attributes"] == attributes
    assert AuditEvent.objects.count() == events
    assert create_from({"username": "alice", "x_attributes": {"floor": 4}}, tmp_path)["x_attributes"] == {"floor": 4}
    assert "x_attributes" not in create_from({"username": "alice", "x_attributes": {}}, tmp_path)
    assert User.objects.get().attributes == {}


def test_a_new_person_may_have_attributes_and_the_trace_has_no_values(tmp_path: Path) -> None:
    document = {"username": "bob", "email": "bob@example.com", "x_attributes": {"grade": "secret"}}
    assert create_from(document, tmp_path)["x_attributes"] == {"grade": "secret"}
    assert "secret" not in str([event.details for event in AuditEvent.objects.all()])


@pytest.mark.parametrize(
    "attributes",
    [["a"], "a", 7, {"": 1}, {"two words": 1}, {"a=b": 1}, {"x" * 101: 1}, {"line\n": 1}, {"big": "x" * 8192}],
    ids=lambda value: str(value)[:20],
)
def test_attributes_are_a_bounded_object_of_visible_names(attributes: Any, tmp_path: Path, refused: Any) -> None:
    create(*ALICE)
    document = {"username": "alice", "x_attributes": attributes}
    assert refused(lambda: create_from(document, tmp_path)).startswith("x_attributes: ")


@pytest.mark.parametrize("document", ["{", "[1]", "null"])
def test_a_bad_document_ends_so_too(document: str, tmp_path: Path, refused: Any) -> None:
    assert refused(lambda: create_from(document, tmp_path)).startswith("--json: ")


def test_a_line_names_no_password(refused: Any) -> None:
    assert "hunter2" not in refused(
        lambda: create("--username", "a", "--email", "a@example.com", "--password", "hunter2")
    )

"""PATCH /api/me/: a person changes their profile, and nothing else of themselves."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.api.profile_change import CHANGEABLE
from accounts.models import User
from tests.bearer import authorization, first_party, of_client, third_party
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
# Every name by which a form, a serializer or setattr could reach a person: columns, relations, and properties.
OUT_OF_REACH = sorted(
    {
        *(name for field in User._meta.get_fields() for name in (field.name, getattr(field, "attname", field.name))),
        *("id", "pk", "sub", "roles", "email_verified", "has_verified_email", "address", "raw_password", "_state"),
    }
    - {*CHANGEABLE}
)


def patch(client: Client, token: str, body: Any, content_type: str = "application/json") -> Any:
    sent = body if isinstance(body, str) else json.dumps(body)
    return client.patch("/api/me/", sent, content_type=content_type, headers=authorization(token))


def kept(person: User) -> dict[str, Any]:
    """Return the whole row, and what hangs on it."""
    row = User.objects.filter(pk=person.pk).values().get()
    return row | {"groups": list(person.groups.all()), "permissions": list(person.user_permissions.all())}


def test_changes_what_is_named_and_leaves_the_rest(client: Client, person) -> None:
    person.nickname = "Al"
    person.save()

    response = patch(client, first_party(person), {"name": "Alice Liddell", "zoneinfo": "Asia/Seoul"})

    person.refresh_from_db()
    assert (response.status_code, response.json()["name"]) == (200, "Alice Liddell")
    assert (person.name, person.zoneinfo, person.nickname) == ("Alice Liddell", "Asia/Seoul", "Al")


@pytest.mark.spec("RFC 7396", "1")
def test_null_clears(client: Client, person) -> None:
    person.name, person.nickname = "Alice", "Al"
    person.save()

    response = patch(client, first_party(person), {"name": None}, "application/merge-patch+json")

    person.refresh_from_db()
    assert (response.status_code, person.name, person.nickname) == (200, "", "Al")


def test_an_empty_patch_changes_nothing(client: Client, person) -> None:
    before = kept(person)

    assert patch(client, first_party(person), {}).status_code == 200
    assert kept(person) == before
    assert not AuditEvent.objects.filter(action="person.profile_changed").exists()


def test_takes_another_username_as_the_page_does(client: Client, person, make_person) -> None:
    make_person("bob")

    assert patch(client, first_party(person), {"username": "alice2"}).json()["username"] == "alice2"
    taken = patch(client, first_party(person), {"username": "BOB"})
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["username"])


def test_leaves_an_audit_row_that_names_the_claims(client: Client, person) -> None:
    patch(client, first_party(person), {"name": "Alice", "locale": "ko"})

    event = AuditEvent.objects.get(action="person.profile_changed")
    assert (event.subject, event.details) == (person.pk, {"claims": ["locale", "name"]})


def test_another_phone_number_is_not_verified(client: Client, person) -> None:
    person.phone_number, person.phone_number_verified = "+82 10 1234 5678", True
    person.save()

    body = patch(client, first_party(person), {"phone_number": "+82 10 8765 4321"}).json()

    assert (body["phone_number"], body["phone_number_verified"]) == ("+82 10 8765 4321", False)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("locale", "not a language"), ("zoneinfo", "Nowhere/Land"), ("birthdate", "yesterday"), ("website", "javascript:1"),
        ("picture", "data:image/png;base64,AA"), ("phone_number", "110"), ("username", None), ("username", "a@b"),
        ("name", "n" * 256), ("name", 7), ("name", True), ("name", ["a"]), ("name", {"a": "b"}),
    ],
)  # fmt: skip
def test_says_by_member_what_is_wrong_and_changes_nothing(client: Client, person, member, value) -> None:
    before = kept(person)

    response = patch(client, first_party(person), {"nickname": "Al", member: value})

    body = response.json()
    assert (response.status_code, body["code"], list(body["errors"])) == (400, "invalid", [member])
    assert body["errors"][member][0]
    assert kept(person) == before


@pytest.mark.parametrize("member", OUT_OF_REACH)
def test_nothing_else_of_a_person_can_be_assigned(client: Client, person, member) -> None:
    Group.objects.create(name="administrators")
    before = kept(person)

    response = patch(client, first_party(person), {"name": "Alice", member: "1"})

    assert (response.status_code, list(response.json()["errors"])) == (400, [member])
    assert kept(person) == before


@pytest.mark.parametrize("value", [True, None, [1], {"add": ["administrators"]}])
def test_no_form_of_value_gives_rights(client: Client, person, value) -> None:
    before = kept(person)

    for member in ("is_staff", "is_superuser", "is_active", "groups", "roles", "attributes", "email", "password"):
        assert patch(client, first_party(person), {member: value}).status_code == 400
    assert kept(person) == before


@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", '{"name": "a", "name": "b"}', "{"])
def test_refuses_what_is_no_object(client: Client, person, body) -> None:
    before = kept(person)

    assert patch(client, first_party(person), body).status_code == 400
    assert kept(person) == before


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
def test_takes_json_alone(client: Client, person, content_type) -> None:
    assert patch(client, first_party(person), "name=Mallory", content_type).status_code in {400, 415}
    person.refresh_from_db()
    assert person.name == ""


@pytest.mark.parametrize("scope", [(), ("profile",), ("openid", "profile", "email", "roles", "address", "phone")])
def test_a_third_party_changes_nothing_whatever_its_scopes(client: Client, person, scope) -> None:
    response = patch(client, third_party(person, *scope), {"name": "Mallory"})

    person.refresh_from_db()
    assert (response.status_code, response.json()["code"], person.name) == (403, "insufficient_scope", "")


def test_nor_does_a_client_that_acts_as_itself_or_a_cookie(client: Client, person) -> None:
    assert patch(client, of_client("profile"), {"name": "Mallory"}).status_code == 403
    client.force_login(person)
    assert client.patch("/api/me/", "{}", content_type="application/json").status_code == 401

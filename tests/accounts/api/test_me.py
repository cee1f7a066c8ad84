"""GET /api/me/: the signed-in person."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.bearer import BOTH, authorization, first_party, of_client, third_party, wait_a_moment

pytestmark = pytest.mark.django_db


def test_returns_the_person_of_the_token(client: Client, person) -> None:
    person.name, person.locale = "Alice Liddell", "ko"
    person.save()
    person.groups.add(Group.objects.create(name="editor"), Group.objects.create(name="author"))
    wait_a_moment()

    response = client.get("/api/me/", headers=authorization(first_party(person)))
    body = response.json()

    assert response.status_code == 200
    assert uuid.UUID(body["id"]) == person.pk
    assert body["username"] == "alice"
    assert (body["email"], body["email_verified"]) == ("alice@example.com", True)
    assert (body["name"], body["locale"]) == ("Alice Liddell", "ko")
    assert body["roles"] == ["author", "editor"]


def test_says_nothing_of_secrets_or_of_rights(client: Client, person) -> None:
    body = client.get("/api/me/", headers=authorization(first_party(person))).json()

    assert body.keys() == {
        "id", "username", "email", "email_verified", "name", "given_name", "middle_name", "family_name", "nickname",
        "birthdate", "gender", "locale", "zoneinfo", "profile", "picture", "website", "phone_number",
        "phone_number_verified", "street_address", "locality", "region", "postal_code", "country", "roles", "updated_at",
    }  # fmt: skip


def test_tells_an_address_that_was_not_verified(client: Client, make_person) -> None:
    bob = make_person("bob", verified=False)

    assert client.get("/api/me/", headers=authorization(first_party(bob))).json()["email_verified"] is False


def test_each_sees_themself_alone(client: Client, person, make_person) -> None:
    bob = make_person("bob")

    response = client.get(f"/api/me/?id={person.pk}", headers=authorization(first_party(bob)))

    assert response.json()["username"] == "bob"


def test_answers_without_the_trailing_slash_too(client: Client, person) -> None:
    assert client.get("/api/me", headers=authorization(first_party(person))).json()["username"] == "alice"


def test_is_stored_nowhere(client: Client, person) -> None:
    assert client.get("/api/me/", headers=authorization(first_party(person))).headers["Cache-Control"] == "no-store"
    assert client.get("/api/me/").headers["Cache-Control"] == "no-store"


@pytest.mark.spec("RFC 6750", "3")
def test_asks_who_is_not_signed_in_to_sign_in(client: Client) -> None:
    response = client.get("/api/me/")

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BOTH)
    assert response.json() == {
        "detail": "You are not signed in.", "message": "You are not signed in.",
        "code": "not_authenticated", "error": "not_authenticated",
    }  # fmt: skip


def test_a_browser_session_is_no_token(client: Client, person) -> None:
    client.force_login(person)

    assert client.get("/api/me/").status_code == 401


def test_shows_a_third_party_who_it_is_and_no_more(client: Client, person) -> None:
    token = third_party(person, "openid", "profile", "roles", roles=("editor",))

    body = client.get("/api/me/", headers=authorization(token)).json()

    assert body == {"id": str(person.pk), "username": "alice", "name": person.name}


def test_shows_a_third_party_the_address_by_its_scope(client: Client, person) -> None:
    body = client.get("/api/me/", headers=authorization(third_party(person, "profile", "email"))).json()

    assert body.keys() == {"id", "username", "name", "email", "email_verified"}
    assert (body["email"], body["email_verified"]) == ("alice@example.com", True)


@pytest.mark.spec("RFC 6750", "3.1")
@pytest.mark.parametrize("scope", [(), ("openid",), ("openid", "email", "roles")])
def test_tells_a_third_party_without_the_scope_which_one_it_lacks(client: Client, person, scope) -> None:
    response = client.get("/api/me/", headers=authorization(third_party(person, *scope)))

    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    assert response.headers["WWW-Authenticate"].endswith('scope="profile"')


def test_is_closed_to_a_client_that_acts_as_itself(client: Client, person) -> None:
    """Also where its id happens to look like a person's."""
    for token in (of_client("profile"), third_party(person, "profile", client_id=str(person.pk))):
        response = client.get("/api/me/", headers=authorization(token))

        assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_can_be_read_and_patched_alone(client: Client, person, method) -> None:
    response = getattr(client, method)("/api/me/", headers=authorization(first_party(person)))

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, PATCH, HEAD, OPTIONS")
    assert response.json()["code"] == "method_not_allowed"

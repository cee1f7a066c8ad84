"""GET /api/protected/: the smallest guarded view."""

import pytest
from django.test import Client

from tests.bearer import authorization, first_party, third_party

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/protected/", "/api/protected"])
def test_greets_the_person(client: Client, person, path) -> None:
    response = client.get(path, headers=authorization(first_party(person)))

    assert (response.status_code, response.json()) == (200, {"message": "Hello, alice"})
    assert response.headers["Cache-Control"] == "no-store"


def test_greets_nobody_else(client: Client, person) -> None:
    assert client.get("/api/protected/").status_code == 401
    assert client.get("/api/protected/", headers=authorization(third_party(person, "profile"))).status_code == 403


def test_can_only_be_read(client: Client, person) -> None:
    assert client.post("/api/protected/", headers=authorization(first_party(person))).status_code == 405

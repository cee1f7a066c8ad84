import uuid

import pytest

from tests.accounts.api.client import Api

pytestmark = pytest.mark.django_db


def test_lists_the_live_sessions_of_whoever_asks(api, person, make_person):
    Api().sign_in(person)
    Api().sign_in(make_person("bob"))
    api.sign_in(person)
    listed = api.get("/api/sessions/").json()
    assert [session["current"] for session in listed].count(True) == 1
    assert len(listed) == 2
    assert set(listed[0]) == {
        "id",
        "kind",
        "current",
        "created",
        "last_seen",
        "expires_at",
        "auth_time",
        "acr",
        "amr",
        "client_address",
        "user_agent",
        "impersonated",
    }


def test_ends_one_and_its_tokens(api, person):
    other = Api()
    other.sign_in(person)
    api.sign_in(person)
    target = next(session["id"] for session in api.get("/api/sessions/").json() if not session["current"])
    assert api.delete(f"/api/sessions/{target}/").status_code == 204
    assert other.get("/api/me/").status_code == 401
    assert api.get("/api/me/").status_code == 200
    assert api.delete(f"/api/sessions/{target}/").status_code == 404


def test_a_session_of_somebody_else_does_not_exist(api, person, make_person):
    bob = Api()
    bob.sign_in(make_person("bob"))
    target = bob.get("/api/sessions/").json()[0]["id"]
    api.sign_in(person)
    assert api.delete(f"/api/sessions/{target}/").status_code == 404
    assert bob.get("/api/me/").status_code == 200


@pytest.mark.parametrize(
    "session_id", [str(uuid.uuid4()), "1", "x%00y", "../token"], ids=["unknown", "number", "NUL", "path"]
)
def test_unknown_ids_are_404_or_refused(api, person, session_id):
    api.sign_in(person)
    assert api.delete(f"/api/sessions/{session_id}/").status_code in {400, 404, 405}


def test_needs_a_token():
    assert Api().get("/api/sessions/").status_code == 401

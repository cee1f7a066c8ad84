import pytest

from accounts.models import Session
from tests.accounts.api.client import Api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("by", ["refresh", "bearer"])
def test_ends_the_session_and_both_tokens(api, person, by):
    pair = api.sign_in(person)
    response = (
        Api().post("/api/token/logout/", {"refresh": pair["refresh"]})
        if by == "refresh"
        else api.post("/api/token/logout/")
    )
    assert (response.status_code, response.content) == (204, b"")
    assert not Session.objects.alive().exists()
    assert api.get("/api/me/").status_code == 401
    assert Api().post("/api/token/refresh/", {"refresh": pair["refresh"]}).status_code == 401


def test_twice_is_no_error(api, person):
    pair = api.sign_in(person)
    for _ in range(2):
        assert Api().post("/api/token/logout/", {"refresh": pair["refresh"]}).status_code == 204


def test_leaves_other_sessions_alone(api, person):
    other = Api()
    other.sign_in(person)
    api.sign_in(person)
    api.post("/api/token/logout/")
    assert other.get("/api/me/").status_code == 200


def test_without_any_token_is_401():
    response = Api().post("/api/token/logout/", {})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_with_junk_is_401_and_ends_nothing(api, person):
    api.sign_in(person)
    assert Api().post("/api/token/logout/", {"refresh": "x.y.z"}).status_code == 401
    assert Session.objects.alive().exists()

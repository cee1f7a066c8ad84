import pytest

from accounts.services import people, sessions
from tests.accounts.api.client import Api

pytestmark = pytest.mark.django_db


def verify(token):
    return Api().post("/api/token/verify/", {"token": token})


def test_answers_an_empty_object_for_a_live_access_token(api, person):
    response = verify(api.sign_in(person)["access"])
    assert (response.status_code, response.json()) == (200, {})


def test_refuses_a_refresh_token(api, person):
    assert verify(api.sign_in(person)["refresh"]).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda person: people.deactivate(user=person, actor=None), id="disabled"),
        pytest.param(lambda person: sessions.end_all(user=person, reason="test"), id="session ended"),
        pytest.param(lambda person: person.groups.create(name="late"), id="roles changed"),
        pytest.param(lambda person: person.delete(), id="deleted"),
    ],
)
def test_refuses_at_once_what_is_no_longer_live(api, person, change):
    token = api.sign_in(person)["access"]
    change(person)
    assert verify(token).status_code == 401


@pytest.mark.parametrize("junk", ["x", "a.b.c", "é.é.é", "ey.x.y", "x" * 8193])
def test_refuses_junk(junk):
    assert verify(junk).status_code in {400, 401}


def test_a_missing_token_is_400():
    assert Api().post("/api/token/verify/", {}).status_code == 400

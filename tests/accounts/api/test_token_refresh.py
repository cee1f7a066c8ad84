from datetime import timedelta

import pytest

from accounts.models import Session
from accounts.services import people, sessions
from tests.accounts.api.client import Api
from trust.lib import clock

pytestmark = pytest.mark.django_db


def refresh(api, token):
    return Api().post("/api/token/refresh/", {"refresh": token})


def test_gives_a_new_pair(api, person):
    pair = api.sign_in(person)
    response = refresh(api, pair["refresh"])
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh", "token_type", "expires_in"}
    assert response.json()["refresh"] != pair["refresh"]
    assert response["Cache-Control"] == "no-store"
    api.bearer = response.json()["access"]
    assert api.get("/api/me/").status_code == 200


def test_adds_no_row_however_often(api, person):
    token = api.sign_in(person)["refresh"]
    for _ in range(5):
        token = refresh(api, token).json()["refresh"]
    assert Session.objects.count() == 1


def test_a_lost_answer_is_given_again(api, person):
    first = api.sign_in(person)["refresh"]
    second = refresh(api, first).json()["refresh"]
    again = refresh(api, first).json()["refresh"]
    assert refresh(api, second).status_code == refresh(api, again).status_code == 200


@pytest.mark.spec("RFC 9700", "4.14.2")
def test_reuse_of_a_replaced_token_ends_the_session_and_its_access_tokens(api, person):
    first = api.sign_in(person)["refresh"]
    second = refresh(api, first).json()["refresh"]
    third = refresh(api, second).json()
    assert refresh(api, first).status_code == 401
    assert refresh(api, third["refresh"]).status_code == 401
    api.bearer = third["access"]
    assert api.get("/api/me/").status_code == 401


def test_rotation_never_moves_the_absolute_end(api, person):
    token = api.sign_in(person)["refresh"]
    before = Session.objects.get().expires_at
    refresh(api, token)
    assert Session.objects.get().expires_at == before


def test_auth_time_stays_that_of_the_sign_in(api, person):
    from tests.accounts.api.test_token import claims_of

    pair = api.sign_in(person)
    Session.objects.update(auth_time=clock.now() - timedelta(hours=1))
    renewed = refresh(api, pair["refresh"]).json()
    assert claims_of(renewed["access"])["auth_time"] == int(Session.objects.get().auth_time.timestamp())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda person: people.deactivate(user=person, actor=None), id="disabled"),
        pytest.param(lambda person: person.delete(), id="deleted (S5: SimpleJWT answers 500)"),
        pytest.param(lambda person: sessions.end_all(user=person, reason="test"), id="sessions ended"),
    ],
)
def test_refuses_where_the_person_or_the_session_is_gone(api, person, change):
    token = api.sign_in(person)["refresh"]
    change(person)
    response = refresh(api, token)
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    "mangle", [str.upper, lambda t: t + "=", lambda t: t[:-2], lambda t: "x", lambda t: t + "." + t]
)
def test_refuses_what_is_not_genuine_and_changes_nothing(api, person, mangle):
    token = api.sign_in(person)["refresh"]
    assert refresh(api, mangle(token)).status_code == 401
    assert refresh(api, token).status_code == 200


def test_an_access_token_does_not_refresh(api, person):
    assert refresh(api, api.sign_in(person)["access"]).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"refresh": ""}, {"refresh": 1}, {"refresh": ["x"]}, [], "x", {"refresh": "x" * 9000}]
)
def test_answers_malformed_requests_with_400(api, body):
    assert api.post("/api/token/refresh/", body).status_code == 400


def test_takes_a_form_too(api, person):
    token = api.sign_in(person)["refresh"]
    response = api.http.post(
        "/api/token/refresh/", f"refresh={token}", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_refuses_other_content_types(api, content_type):
    assert api.http.post("/api/token/refresh/", "x", content_type=content_type).status_code == 415

"""RFC 6750: bearer tokens at our own resource, the userinfo endpoint."""

import pytest
from django.test import Client as Browser

from tests.clients import post_form
from tests.relying_party import userinfo

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(application):
    return application.tokens()["access_token"]


@pytest.mark.spec("RFC 6750", "2.1")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_token_is_taken_from_the_header(token, scheme):
    assert Browser().get("/oauth/userinfo", headers={"authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.spec("RFC 6750", "2.2")
def test_the_token_is_taken_from_the_form_of_a_post(token):
    assert post_form("/oauth/userinfo", {"access_token": token}).status_code == 200


@pytest.mark.spec("RFC 6750", "2.2")
def test_the_token_is_not_taken_from_a_body_that_is_no_form(token):
    answer = Browser().post("/oauth/userinfo", {"access_token": token}, content_type="application/json")
    assert answer.status_code == 401


@pytest.mark.spec("RFC 6750", "2.3")
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_token_is_not_taken_from_the_query(token, method):
    assert getattr(Browser(), method)(f"/oauth/userinfo?access_token={token}").status_code == 401


@pytest.mark.spec("RFC 6750", "2")
def test_a_token_in_two_ways_is_an_invalid_request(token):
    answers = [
        post_form("/oauth/userinfo", {"access_token": token}, authorization=f"Bearer {token}"),
        post_form("/oauth/userinfo", {"access_token": [token, token]}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert 'error="invalid_request"' in answer["WWW-Authenticate"]


@pytest.mark.spec("RFC 6750", "3")
def test_without_a_token_the_challenge_names_no_error():
    for answer in (Browser().get("/oauth/userinfo"), Browser().post("/oauth/userinfo")):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer ")
        assert "error" not in answer["WWW-Authenticate"]


@pytest.mark.spec("RFC 6750", "3.1")
@pytest.mark.parametrize("value", ["nonsense", "a.b.c", "ey.x.y", "", "a b", "=", "x" * 5000])
def test_an_invalid_token_gets_the_challenge_invalid_token(db, value):
    answer = userinfo(value)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


@pytest.mark.spec("RFC 6750", "3.1")
def test_a_token_without_the_scope_gets_the_challenge_insufficient_scope(application):
    answer = userinfo(application.tokens(scope="profile")["access_token"])
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert 'scope="openid"' in answer["WWW-Authenticate"]


@pytest.mark.spec("RFC 6750", "5.3")
def test_an_answer_to_a_token_is_not_stored(token):
    assert userinfo(token)["Cache-Control"] == "no-store"
    assert userinfo("nonsense")["Cache-Control"] == "no-store"

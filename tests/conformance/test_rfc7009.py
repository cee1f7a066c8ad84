"""RFC 7009: a client gives its tokens back."""

import pytest
from django.test import Client as Browser

from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import userinfo

pytestmark = pytest.mark.django_db


def revoke(token, client_id="app", **more):
    return post_form("/oauth/revoke", {"token": token, **more}, authorization=basic(client_id, SECRET))


@pytest.mark.spec("RFC 7009", "2.1")
def test_a_revoked_access_token_ends_alone(application):
    tokens = application.tokens()
    answer = revoke(tokens["access_token"])
    assert (answer.status_code, answer.content) == (200, b"")
    assert userinfo(tokens["access_token"]).status_code == 401
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7009", "2.1")
def test_a_revoked_refresh_token_ends_its_grant(application):
    tokens = application.tokens()
    assert revoke(tokens["refresh_token"]).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 401
    assert application.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.spec("RFC 7009", "2.1")
def test_another_grant_of_the_same_person_goes_on(application):
    first, second = application.tokens(), application.tokens()
    revoke(first["refresh_token"])
    assert userinfo(second["access_token"]).status_code == 200
    assert application.refresh(second["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7009", "2.1")
@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "id_token", "nonsense", ""])
def test_the_hint_may_be_wrong(application, hint):
    tokens = application.tokens()
    assert revoke(tokens["access_token"], token_type_hint=hint).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.spec("RFC 7009", "2.1")
def test_an_opaque_access_token_can_be_revoked(person):
    application = Application(make_client(access_token_format="opaque"))
    application.sign_in()
    token = application.tokens()["access_token"]
    assert "." not in token
    assert userinfo(token).status_code == 200
    assert revoke(token).status_code == 200
    assert userinfo(token).status_code == 401


@pytest.mark.spec("RFC 7009", "2.1")
def test_a_public_client_revokes_by_its_client_id(public_application):
    tokens = public_application.tokens()
    assert post_form("/oauth/revoke", {"token": tokens["refresh_token"], "client_id": "spa"}).status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.spec("RFC 7009", "2.1")
def test_another_clients_tokens_stay_as_they_are(application):
    make_client("other")
    tokens = application.tokens()
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert revoke(token, client_id="other").status_code == 200
    assert userinfo(tokens["access_token"]).status_code == 200
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7009", "2.1")
def test_nobody_revokes_without_authentication(application):
    tokens = application.tokens()
    for form in ({}, {"client_id": "app"}, {"client_id": "app", "client_secret": "wrong"}):
        answer = post_form("/oauth/revoke", {"token": tokens["refresh_token"], **form})
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7009", "2.2")
@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "x" * 4000])
def test_an_invalid_token_is_no_error(app, token):
    assert revoke(token).status_code == 200


@pytest.mark.spec("RFC 7009", "2.2")
def test_a_token_that_was_revoked_may_be_revoked_again(application):
    token = application.tokens()["refresh_token"]
    assert [revoke(token).status_code for _ in range(2)] == [200, 200]


@pytest.mark.spec("RFC 7009", "2.2.1")
def test_a_request_without_a_token_is_invalid(app):
    answer = post_form("/oauth/revoke", {}, authorization=basic("app", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("RFC 7009", "2")
def test_the_endpoint_takes_post_alone(app):
    assert Browser().get("/oauth/revoke?token=x").status_code == 405

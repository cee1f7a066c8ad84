"""RFC 7662: what a token says, to clients that may know."""

import pytest
from django.test import Client as Browser

from accounts.services import people
from oauth.models import RefreshToken
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import verified

pytestmark = pytest.mark.django_db

INACTIVE = {"active": False}


def introspect(token, client_id="api", **more):
    return post_form("/oauth/introspect", {"token": token, **more}, authorization=basic(client_id, SECRET))


@pytest.fixture
def api(db):
    """A resource server that may introspect every token."""
    return make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")


@pytest.mark.spec("RFC 7662", "2.2")
def test_a_live_access_token_is_described_as_it_describes_itself(person, application, api):
    token = application.tokens(scope="openid email")["access_token"]
    answer = introspect(token)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    said, claims = answer.json(), verified(token, audience="http://testserver")
    assert said["active"] is True
    assert (said["username"], said["token_type"]) == ("alice", "Bearer")
    shared = ["iss", "sub", "aud", "client_id", "scope", "jti", "iat", "exp", "auth_time", "acr", "amr", "sid"]
    assert {name: said[name] for name in shared} == {name: claims[name] for name in shared}
    assert said["scope"] == "openid email"


@pytest.mark.spec("RFC 7662", "2.2")
def test_an_opaque_access_token_is_described_alike(person, api):
    application = Application(make_client(access_token_format="opaque"))
    application.sign_in()
    said = introspect(application.tokens()["access_token"]).json()
    assert (said["active"], said["sub"], said["client_id"]) == (True, str(person.pk), "app")
    assert said["exp"] - said["iat"] in {599, 600, 601}


@pytest.mark.spec("RFC 7662", "2.2")
def test_a_clients_own_token_names_no_person(application, api):
    said = introspect(application.token(grant_type="client_credentials", scope="read").json()["access_token"]).json()
    assert (said["active"], said["sub"], said["scope"]) == (True, "app", "read")
    assert "username" not in said


@pytest.mark.spec("RFC 7662", "2.2")
@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é"])
def test_of_an_unknown_token_nothing_is_said_but_that_it_is_not_active(api, token):
    answer = introspect(token)
    assert (answer.status_code, answer.json()) == (200, INACTIVE)


@pytest.mark.spec("RFC 7662", "2.2")
def test_an_id_token_is_no_active_token(application, api):
    assert introspect(application.tokens()["id_token"]).json() == INACTIVE


@pytest.mark.spec("RFC 7662", "2.2")
def test_a_revoked_token_is_not_active(application, api):
    tokens = application.tokens()
    post_form("/oauth/revoke", {"token": tokens["refresh_token"]}, authorization=basic("app", SECRET))
    assert introspect(tokens["access_token"]).json() == INACTIVE
    assert introspect(tokens["refresh_token"]).json() == INACTIVE


@pytest.mark.spec("RFC 7662", "4")
def test_a_token_of_a_person_who_was_shut_out_is_not_active(person, application, api):
    token = application.tokens()["access_token"]
    people.deactivate(user=person, actor=None)
    assert introspect(token).json() == INACTIVE


@pytest.mark.spec("RFC 7662", "2.1")
@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense"])
def test_the_hint_may_be_wrong(application, api, hint):
    assert introspect(application.tokens()["access_token"], token_type_hint=hint).json()["active"] is True


@pytest.mark.spec("RFC 7662", "2.1")
@pytest.mark.parametrize(
    "credentials",
    [{}, {"client_id": "api"}, {"client_id": "api", "client_secret": "wrong"}, {"client_id": "spa"}],
    ids=["nobody", "no secret", "wrong secret", "unknown"],
)
def test_who_does_not_authenticate_is_told_nothing(application, api, credentials):
    answer = post_form("/oauth/introspect", {"token": application.tokens()["access_token"], **credentials})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.spec("RFC 7662", "2.1")
def test_a_client_that_may_not_introspect_is_denied(application, spa):
    token = application.tokens()["access_token"]
    for answer in (
        introspect(token, client_id="app"),
        post_form("/oauth/introspect", {"token": token, "client_id": "spa"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


@pytest.mark.spec("RFC 7662", "4")
def test_a_client_that_may_introspect_its_own_tokens_is_told_of_no_others(person):
    own, other = (Application(make_client(name, introspects="own")) for name in ("own", "other"))
    for application in (own, other):
        application.sign_in()
    tokens = own.tokens()
    for token in (tokens["access_token"], tokens["refresh_token"]):
        assert introspect(token, client_id="own").json()["active"] is True
        assert introspect(token, client_id="other").json() == INACTIVE


@pytest.mark.spec("RFC 7662", "2.2")
def test_a_refresh_token_that_was_replaced_is_not_active(person):
    application = Application(make_client(introspects="own"))
    application.sign_in()
    first = application.tokens()["refresh_token"]
    second = application.refresh(first).json()["refresh_token"]
    assert introspect(first, client_id="app").json() == INACTIVE
    assert introspect(second, client_id="app").json()["active"] is True
    assert RefreshToken.objects.get().generation == 2  # being asked about changes nothing


@pytest.mark.spec("RFC 7662", "2.1")
def test_a_request_without_a_token_or_by_get_is_refused(api):
    answer = post_form("/oauth/introspect", {}, authorization=basic("api", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert (
        Browser().get("/oauth/introspect?token=x", headers={"authorization": basic("api", SECRET)}).status_code == 405
    )

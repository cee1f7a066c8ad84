"""RFC 9701: introspection answers as signed JWTs, for clients that want them."""

import pytest
from django.test import Client as Browser

from tests.clients import SECRET, basic, make_client, post_form
from tests.relying_party import header_of, userinfo, verified
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.tokens import access_token

pytestmark = pytest.mark.django_db

JWT = "application/token-introspection+jwt"


@pytest.fixture
def api(db):
    """A resource server that may introspect every token."""
    return make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")


def introspect(token, accept=JWT, client_id="api"):
    return post_form("/oauth/introspect", {"token": token}, authorization=basic(client_id, SECRET), accept=accept)


def said_by(answer, audience="api"):
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, JWT, "no-store")
    return verified(answer.content.decode(), audience=audience)


@pytest.mark.spec("RFC 9701", "4")
@pytest.mark.spec("RFC 9701", "5")
def test_who_accepts_a_jwt_gets_the_answer_signed_and_for_itself(application, api):
    token = application.tokens(scope="openid email")["access_token"]
    answer = introspect(token)
    claims = said_by(answer)
    assert claims.keys() == {"iss", "aud", "iat", "token_introspection"}
    assert (claims["iss"], claims["aud"]) == ("http://testserver", "api")
    assert abs(claims["iat"] - clock.now().timestamp()) < 60
    assert claims["token_introspection"] == introspect(token, accept="application/json").json()
    assert claims["token_introspection"]["active"] is True
    assert header_of(answer.content.decode())["typ"] == "token-introspection+jwt"


@pytest.mark.spec("RFC 9701", "5")
@pytest.mark.parametrize("token", ["nonsense", "a.b.c"])
def test_of_a_token_that_is_not_active_nothing_more_is_said(api, token):
    assert said_by(introspect(token))["token_introspection"] == {"active": False}


@pytest.mark.spec("RFC 9701", "5")
def test_neither_subject_nor_expiry_stands_where_a_token_would_have_it(application, api):
    claims = said_by(introspect(application.tokens()["access_token"]))
    assert not {"sub", "exp", "client_id", "scope", "active"} & claims.keys()


@pytest.mark.spec("RFC 9701", "6")
@pytest.mark.parametrize(("registered", "algorithm"), [("", "RS256"), ("ES256", "ES256"), ("EdDSA", "EdDSA")])
def test_it_is_signed_as_the_client_is_registered(application, registered, algorithm):
    make_client("api", introspects="all", introspection_signed_response_alg=registered)
    answer = introspect(application.tokens()["access_token"])
    assert said_by(answer)["aud"] == "api"
    assert header_of(answer.content.decode())["alg"] == algorithm


@pytest.mark.spec("RFC 9701", "7")
def test_the_metadata_names_the_algorithms(db):
    said = Browser().get("/.well-known/oauth-authorization-server").json()
    assert said["introspection_signing_alg_values_supported"] == ["RS256", "ES256", "EdDSA"]
    assert not [name for name in said if name.startswith("introspection_encryption")]


@pytest.mark.spec("RFC 9701", "4")
@pytest.mark.parametrize(
    "accept",
    [
        JWT,
        JWT.upper(),
        f"{JWT}, application/json",
        f"application/json;q=0.5, {JWT}",
        f"{JWT};q=0.9, */*;q=0.1",
        f" text/html , {JWT} ; charset=utf-8 ; q=1.000 ",
    ],
)
def test_a_jwt_is_answered_to_who_wants_one_no_less_than_json(api, accept):
    assert said_by(introspect("nonsense", accept=accept))


@pytest.mark.spec("RFC 7662", "2.2")
@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/*",
        "application/jwt",
        f"{JWT};q=0",
        f"{JWT};q=0.4, application/json;q=0.5",
        f"{JWT};q=0.4, */*",
        f"{JWT};q=nonsense",
        f"{JWT};q=2",
        f"{JWT};q=1e0",
        "," * 5000,
        ";q=;=;",
    ],
)
def test_json_is_answered_to_everybody_else(api, accept):
    answer = introspect("nonsense", accept=accept)
    assert (answer.status_code, answer["Content-Type"], answer.json()) == (200, "application/json", {"active": False})


@pytest.mark.spec("RFC 9701", "8.1")
def test_the_answer_never_passes_for_a_token(application, api):
    answer = introspect(application.tokens()["access_token"]).content.decode()
    assert userinfo(answer).status_code == 401
    assert introspect(answer, accept="application/json").json() == {"active": False}
    with pytest.raises(InvalidToken):
        access_token.verify(answer, audience=None, now=clock.now())
    # Nor for an id token, where one is taken as a hint.
    page = application.browser.get(f"/oauth/end-session?id_token_hint={answer}")
    assert (page.status_code, "Sign out?" in page.content.decode()) == (200, True)


@pytest.mark.spec("RFC 9701", "5")
def test_who_may_not_introspect_hears_so_in_json(application):
    make_client("nosy")
    token = application.tokens()["access_token"]
    answer = introspect(token, client_id="nosy")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/json")
    assert answer.json()["error"] == "access_denied"


@pytest.mark.spec("RFC 9701", "5")
def test_a_token_that_is_not_the_clients_to_know_is_not_active_in_a_jwt_either(application):
    make_client("api", introspects="own")
    assert said_by(introspect(application.tokens()["access_token"]))["token_introspection"] == {"active": False}

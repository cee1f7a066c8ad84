"""RFC 9068: the access token as a signed JWT that any resource server can verify."""

import pytest
from django.contrib.auth.models import Group

from tests.relying_party import header_of, userinfo, verified

pytestmark = pytest.mark.django_db

AUDIENCE = "http://testserver"


@pytest.mark.spec("RFC 9068", "2.1")
def test_the_header_says_that_it_is_an_access_token(application):
    assert header_of(application.tokens()["access_token"]) == {
        "typ": "at+jwt",
        "alg": "ES256",
        "kid": header_of(application.tokens()["access_token"])["kid"],
    }


@pytest.mark.spec("RFC 9068", "2.2")
def test_it_has_every_required_claim(person, application):
    claims = verified(application.tokens()["access_token"], audience=AUDIENCE)
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"} <= set(claims)
    assert (claims["iss"], claims["sub"], claims["client_id"]) == (AUDIENCE, str(person.pk), "app")
    assert claims["exp"] - claims["iat"] == 600


@pytest.mark.spec("RFC 9068", "2.2.1")
def test_it_says_of_the_sign_in_what_the_id_token_says(application):
    tokens = application.tokens()
    of_access, of_id = (
        verified(tokens["access_token"], audience=AUDIENCE),
        verified(tokens["id_token"], audience="app"),
    )
    for name in ("sub", "auth_time", "acr", "amr", "sid"):
        assert of_access[name] == of_id[name], name


@pytest.mark.spec("RFC 9068", "2.2.3")
def test_it_names_the_scope_that_was_granted(application):
    tokens = application.tokens(scope="openid email read")
    assert verified(tokens["access_token"], audience=AUDIENCE)["scope"] == tokens["scope"] == "openid email read"


@pytest.mark.spec("RFC 9068", "2.2.3.1")
def test_it_names_roles_by_the_scope_roles_alone(person, application):
    Group.objects.create(name="editors").user_set.add(person)
    with_scope = application.tokens(scope="openid roles")["access_token"]
    without = application.tokens(scope="openid profile email")["access_token"]
    assert verified(with_scope, audience=AUDIENCE)["roles"] == ["editors"]
    assert "roles" not in verified(without, audience=AUDIENCE)


@pytest.mark.spec("RFC 9068", "2.2")
def test_no_two_have_the_same_jti(application):
    refresh = application.tokens()["refresh_token"]
    answers = [application.refresh(refresh).json()["access_token"] for _ in range(3)]
    assert len({verified(value, audience=AUDIENCE)["jti"] for value in answers}) == 3


@pytest.mark.spec("RFC 9068", "2.2")
def test_a_client_that_acts_as_itself_is_the_subject(application):
    value = application.token(grant_type="client_credentials", scope="read").json()["access_token"]
    claims = verified(value, audience=AUDIENCE)
    assert claims["sub"] == claims["client_id"] == "app"
    assert not {"sid", "auth_time", "acr", "amr", "roles"} & set(claims)


@pytest.mark.spec("RFC 9068", "4")
def test_an_id_token_is_refused_where_an_access_token_is_asked_for(application):
    assert userinfo(application.tokens()["id_token"]).status_code == 401


@pytest.mark.spec("RFC 9068", "4")
def test_an_access_token_that_was_altered_is_refused(application):
    value = application.tokens()["access_token"]
    head, body, signature = value.split(".")
    for altered in (
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-8]}AAAAAAAA",
        f"{head}.{body}x.{signature}",
        value + "=",
    ):
        assert userinfo(altered).status_code == 401

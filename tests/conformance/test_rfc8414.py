"""RFC 8414: the authorization server's metadata, and that all of it is true."""

import pytest
from django.test import Client as Browser

from tests.clients import make_client, post_form

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"


def metadata(path="/.well-known/oauth-authorization-server"):
    answer = Browser().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


@pytest.mark.spec("RFC 8414", "3.3")
def test_the_issuer_is_where_the_document_was_found():
    assert metadata()["issuer"] == ISSUER


@pytest.mark.spec("RFC 8414", "2")
def test_the_issuer_is_never_taken_from_the_host_header():
    assert (
        Browser(headers={"host": "localhost"}).get("/.well-known/oauth-authorization-server").json()["issuer"] == ISSUER
    )


@pytest.mark.spec("RFC 8414", "2")
def test_every_required_member_is_there():
    said = metadata()
    assert {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported"} <= set(said)
    assert said["response_types_supported"] == ["code"]
    assert said["response_modes_supported"] == ["query", "form_post", "jwt", "query.jwt", "form_post.jwt"]
    assert {"authorization_code", "client_credentials", "refresh_token"} <= set(said["grant_types_supported"])
    assert not {"password", "implicit"} & set(said["grant_types_supported"])
    assert said["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.spec("RFC 8414", "2")
def test_every_address_of_the_metadata_answers():
    said = metadata("/.well-known/openid-configuration")
    addresses = {name: value for name, value in said.items() if name.endswith(("_endpoint", "_uri"))}
    assert set(addresses) == {
        "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint", "jwks_uri",
        "userinfo_endpoint", "end_session_endpoint", "registration_endpoint", "device_authorization_endpoint",
        "pushed_authorization_request_endpoint", "global_token_revocation_endpoint",
    }  # fmt: skip
    for name, address in addresses.items():
        assert address.startswith(f"{ISSUER}/oauth/"), name
        assert Browser().get(address.removeprefix(ISSUER)).status_code in {200, 302, 400, 401, 405}, name


@pytest.mark.spec("RFC 8414", "2")
@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
def test_the_methods_of_client_authentication_are_those_that_work(endpoint):
    named = metadata()[f"{endpoint}_endpoint_auth_methods_supported"]
    assert {"client_secret_basic", "client_secret_post"} <= set(named)
    assert ("none" in named) == (endpoint != "introspection")
    assert not {"client_secret_jwt", "tls_client_auth"} & set(named)
    assert "private_key_jwt" in named  # tests/conformance/test_rfc7523.py
    assert metadata()[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] == ["RS256", "PS256", "ES256", "EdDSA"]


@pytest.mark.spec("RFC 8414", "2")
def test_every_grant_type_that_is_announced_is_known_and_no_other(app):
    make_client("caller", grant_types="authorization_code refresh_token client_credentials")
    credentials = {"client_id": "caller", "client_secret": "a client secret that only the tests know, long enough"}
    announced = set(metadata()["grant_types_supported"])
    for name in [*announced, "password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"]:
        error = post_form("/oauth/token", {"grant_type": name, **credentials}).json().get("error")
        assert (error != "unsupported_grant_type") == (name in announced), name


@pytest.mark.spec("RFC 8414", "3.2")
def test_the_document_may_be_kept_for_a_while():
    answer = Browser().get("/.well-known/oauth-authorization-server")
    assert "public" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.spec("RFC 8414", "3.1")
@pytest.mark.parametrize("path", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"])
def test_the_document_is_answered_by_head_and_with_a_slash_too(path):
    whole, head, slashed = Browser().get(path), Browser().head(path), Browser().get(f"{path}/")
    assert (head.status_code, head.content) == (200, b"")
    assert slashed.content == whole.content
    assert Browser().post(path).status_code == 405

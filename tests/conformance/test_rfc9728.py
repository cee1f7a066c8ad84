"""RFC 9728: our own API says which server its tokens are of, and every refusal leads there."""

import pytest
from django.test import Client as Browser

pytestmark = pytest.mark.django_db

ISSUER = "http://testserver"
PATH = "/.well-known/oauth-protected-resource"


@pytest.mark.spec("RFC 9728", "3.2")
def test_the_metadata_is_json_that_may_be_kept_for_a_while():
    answer = Browser().get(PATH)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "public" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.spec("RFC 9728", "2")
def test_it_names_the_api_and_the_server_of_its_tokens():
    said = Browser().get(PATH).json()
    assert (said["resource"], said["authorization_servers"]) == (ISSUER, [ISSUER])
    assert said["bearer_methods_supported"] == ["header"]
    assert {"profile", "email"} <= set(said["scopes_supported"])
    assert said["resource_name"] == "authproject API"
    assert Browser().get(said["resource_documentation"].removeprefix(ISSUER)).status_code == 200
    assert set(said["dpop_signing_alg_values_supported"]) == {"ES256", "PS256", "EdDSA"}


@pytest.mark.spec("RFC 9728", "3.3")
def test_the_resource_is_never_taken_from_the_host_header():
    assert Browser(headers={"host": "localhost"}).get(PATH).json()["resource"] == ISSUER


@pytest.mark.spec("RFC 9728", "3.1")
def test_it_is_answered_by_head_and_with_a_slash_too():
    whole, head, slashed = Browser().get(PATH), Browser().head(PATH), Browser().get(f"{PATH}/")
    assert (head.status_code, head.content) == (200, b"")
    assert slashed.content == whole.content
    assert Browser().post(PATH).status_code == 405


@pytest.mark.spec("RFC 9728", "5.1")
@pytest.mark.parametrize("path", ["/api/me/", "/api/user_info/", "/api/protected/", "/oauth/userinfo"])
def test_a_refusal_of_the_api_leads_to_it(path):
    for headers in ({}, {"authorization": "Bearer nonsense"}):
        answer = Browser().get(path, headers=headers)
        assert answer.status_code == 401
        assert f'resource_metadata="{ISSUER}{PATH}"' in answer["WWW-Authenticate"]


@pytest.mark.spec("RFC 9728", "4")
def test_the_server_that_it_names_announces_itself_under_that_name():
    [server] = Browser().get(PATH).json()["authorization_servers"]
    assert Browser().get("/.well-known/oauth-authorization-server").json()["issuer"] == server

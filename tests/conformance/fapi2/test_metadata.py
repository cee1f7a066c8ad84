"""FAPI 2.0 security profile: what the metadata promises, and what a client of the profile is registered as."""

import pytest
from django.test import Client as Browser

from oauth.errors import InvalidClientMetadata
from oauth.protocol.rfc7591_metadata import written
from oauth.protocol.rfc7591_registration import described
from tests.client_keys import ISSUER
from tests.clients import Application, answer_of, make_client, post_form
from tests.fapi2 import KEY, PAR

pytestmark = pytest.mark.django_db
BANK = {"client_name": "The Bank", "x_profile": "fapi2", "redirect_uris": ["https://bank.example/cb"]}
BANK |= {"jwks": KEY.key_set()}


def said(name="oauth-authorization-server"):
    return Browser().get(f"/.well-known/{name}").json()


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
def test_the_metadata_names_what_the_profile_needs(name):
    metadata = said(name)
    assert metadata["issuer"] == ISSUER
    assert metadata["pushed_authorization_request_endpoint"] == f"{ISSUER}{PAR}"
    assert metadata["require_pushed_authorization_requests"] is False
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert "private_key_jwt" in metadata["token_endpoint_auth_methods_supported"]
    for algorithms in ("token_endpoint_auth_signing_alg_values_supported", "dpop_signing_alg_values_supported"):
        assert {"PS256", "ES256", "EdDSA"} <= set(metadata[algorithms])
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert metadata["response_types_supported"] == ["code"]


@pytest.mark.spec("JARM", "4")
def test_the_metadata_names_how_answers_are_signed():
    metadata = said()
    assert set(metadata["response_modes_supported"]) == {"query", "form_post", "jwt", "query.jwt", "form_post.jwt"}
    assert set(metadata["authorization_signing_alg_values_supported"]) == {"RS256", "ES256", "EdDSA"}


@pytest.mark.spec("RFC 9126", "5")
def test_where_every_client_must_push_the_metadata_says_so_and_all_are_held_to_it(person, settings):
    settings.REQUIRE_PAR = True
    assert said()["require_pushed_authorization_requests"] is True
    application = Application(make_client())
    application.sign_in()
    assert answer_of(application.authorize())["error"] == "invalid_request"
    secret = {"client_id": "app", "client_secret": application.secret}
    request_uri = post_form(PAR, application.parameters() | secret).json()["request_uri"]
    query = f"/oauth/authorize?client_id=app&request_uri={request_uri}"
    assert "code" in answer_of(application.browser.post(query, {"decision": "allow"}))


@pytest.mark.spec("RFC 9126", "6")
def test_a_client_may_be_registered_to_push_alone(person):
    application = Application(make_client(require_pushed_authorization_requests=True))
    application.sign_in()
    assert answer_of(application.authorize())["error"] == "invalid_request"


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_a_client_of_the_profile_is_registered_by_what_it_cannot_do_without():
    members = written(described(BANK))
    assert members["token_endpoint_auth_method"] == "private_key_jwt"
    assert members["id_token_signed_response_alg"] == "ES256"
    assert (members["x_refresh_rotation"], members["x_pkce"]) == (False, "required")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "token_endpoint_auth_method"),
        ({"x_pkce": "optional"}, "x_pkce"),
        ({"x_refresh_rotation": True}, "x_refresh_rotation"),
        ({"jwks": None}, "jwks_uri"),
        ({"grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]}, "grant_types"),
        ({"token_endpoint_auth_signing_alg": "RS256"}, "token_endpoint_auth_signing_alg"),
        ({"request_object_signing_alg": "RS256"}, "request_object_signing_alg"),
        ({"request_object_signing_alg": "none"}, "request_object_signing_alg"),
        ({"id_token_signed_response_alg": "RS256"}, "id_token_signed_response_alg"),
        ({"userinfo_signed_response_alg": "RS256"}, "userinfo_signed_response_alg"),
        ({"authorization_signed_response_alg": "RS256"}, "authorization_signed_response_alg"),
        ({"introspection_signed_response_alg": "RS256"}, "introspection_signed_response_alg"),
        ({"redirect_uris": ["http://bank.example/cb"]}, "redirect_uris"),
    ],
)
def test_one_that_contradicts_it_is_told_in_what(changed, member):
    with pytest.raises(Exception, match=f"{member}:") as refused:
        described(BANK | changed)
    assert member == "redirect_uris" or isinstance(refused.value, InvalidClientMetadata)


def test_nobody_leaves_the_profile_out_by_changing_one_member():
    before = described(BANK)
    with pytest.raises(InvalidClientMetadata):
        described({"id_token_signed_response_alg": "RS256"}, before=before)
    assert described({"client_name": "Another"}, before=before).is_fapi2


def test_whoever_registers_itself_as_a_site_behind_a_proxy_pushes_too(person, settings):
    settings.REQUIRE_PAR = True
    made = {"redirect_uris": "https://site.example/.authproject/callback", "registration_source": "dcr"}
    application = Application(make_client(**made))
    application.sign_in()
    assert answer_of(application.authorize())["error"] == "invalid_request"

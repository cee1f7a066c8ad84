"""OpenID Connect Discovery 1.0 and the published keys: what the plan `oidcc-config` looks at."""

import base64

import pytest
from django.test import Client as Browser

from tests.relying_party import header_of, keys, verified

pytestmark = pytest.mark.django_db

STANDARD_CLAIMS = {
    "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address", "updated_at",
}  # fmt: skip


@pytest.fixture
def configuration():
    return Browser().get("/.well-known/openid-configuration").json()


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_what_a_provider_must_say_is_said(configuration):
    assert configuration["issuer"] == "http://testserver"
    assert configuration["response_types_supported"] == ["code"]
    assert configuration["subject_types_supported"] == ["public", "pairwise"]
    assert "RS256" in configuration["id_token_signing_alg_values_supported"]
    assert "none" not in configuration["id_token_signing_alg_values_supported"]
    assert {"openid", "profile", "email", "address", "phone", "offline_access"} <= set(
        configuration["scopes_supported"]
    )
    assert set(configuration["claims_supported"]) >= STANDARD_CLAIMS | {
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
    }
    assert set(configuration["prompt_values_supported"]) == {"none", "login", "consent", "select_account", "create"}


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_what_may_be_left_out_is_said_all_the_same(configuration):
    named = ("claims_parameter", "request_parameter", "request_uri_parameter")
    assert [configuration[f"{name}_supported"] for name in named] == [True, True, True]
    assert configuration["require_request_uri_registration"] is True


@pytest.mark.spec("OpenID Connect Discovery 1.0", "4.2")
def test_the_document_says_at_least_what_that_of_oauth_says(configuration):
    of_oauth = Browser().get("/.well-known/oauth-authorization-server").json()
    assert {name: configuration.get(name) for name in of_oauth} == of_oauth


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_the_scopes_that_are_announced_are_granted(application, configuration):
    asked = " ".join(name for name in configuration["scopes_supported"] if name != "roles")
    assert application.tokens(scope=asked)["scope"] == asked


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_id_tokens_are_signed_as_announced_and_verify_by_the_published_keys(application, configuration, algorithm):
    assert algorithm in configuration["id_token_signing_alg_values_supported"]
    application.client.algorithm = algorithm
    application.client.save()
    token = application.tokens()["id_token"]
    assert header_of(token)["alg"] == algorithm
    assert verified(token, audience="app")["iss"] == configuration["issuer"]


@pytest.mark.spec("RFC 7517", "5")
def test_the_key_set_has_public_parts_alone():
    published = Browser().get("/oauth/jwks").json()["keys"]
    assert {key["kty"] for key in published} == {"RSA", "EC", "OKP"}  # and no symmetric key, kty oct
    for key in published:
        assert not {"d", "p", "q", "dp", "dq", "qi", "oth", "k"} & set(key)


@pytest.mark.spec("RFC 7517", "4")
def test_each_key_has_its_own_kid_its_use_and_its_algorithm():
    published = Browser().get("/oauth/jwks").json()["keys"]
    assert len({key["kid"] for key in published}) == len(published) == len(keys())
    assert all(key["use"] == "sig" and key["alg"] in {"RS256", "ES256", "EdDSA"} for key in published)


@pytest.mark.spec("RFC 7518", "3.3")
def test_rsa_keys_have_2048_bits_at_least():
    published = Browser().get("/oauth/jwks").json()["keys"]
    moduli = [base64.urlsafe_b64decode(key["n"] + "==") for key in published if key["kty"] == "RSA"]
    assert moduli
    assert all(int.from_bytes(modulus).bit_length() >= 2048 for modulus in moduli)


@pytest.mark.spec("RFC 7517", "8.5.1")
def test_the_key_set_has_its_media_type_and_may_be_kept():
    answer = Browser().get("/oauth/jwks")
    assert answer["Content-Type"] == "application/jwk-set+json"
    assert "public" in answer["Cache-Control"]
    assert Browser().head("/oauth/jwks").status_code == 200
    assert Browser().get("/oauth/jwks/").content == answer.content
    assert Browser().post("/oauth/jwks").status_code == 405

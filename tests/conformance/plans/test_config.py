"""The plan `oidcc-config`: the provider's metadata and keys."""

import base64
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.conformance.plans.conftest import ENVIRONMENT
from tests.conformance.plans.provider import Provider
from tests.live_site import live_site
from tests.loopback import Authority

pytestmark = pytest.mark.django_db(transaction=True)

PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


@pytest.mark.spec("OpenID Connect Discovery 1.0", "4.3")
def test_the_issuer_is_where_the_document_is(provider: Provider) -> None:
    answer = provider.get(f"{provider.metadata['issuer']}/.well-known/openid-configuration")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["issuer"] == provider.url


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_every_address_is_of_the_issuers_own_origin_and_scheme(provider: Provider) -> None:
    addresses = {name: value for name, value in provider.metadata.items() if name.endswith(("_endpoint", "_uri"))}
    assert {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"} <= set(addresses)
    for name, address in addresses.items():
        assert address.startswith(f"{provider.url}/"), name
        assert not urlsplit(address).fragment, name


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_with_an_https_issuer_every_address_is_https(provider: Provider, tmp_path: Path) -> None:
    with live_site(own_issuer=True, authority=Authority(tmp_path), **ENVIRONMENT) as site:
        said = site.call("GET", "/.well-known/openid-configuration").body
    addresses = {value for name, value in said.items() if name.endswith(("_endpoint", "_uri")) or name == "issuer"}
    assert all(address.startswith("https://") for address in addresses)


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_what_a_provider_must_say_is_said(provider: Provider) -> None:
    said = provider.metadata
    assert "code" in said["response_types_supported"]
    assert set(said["subject_types_supported"]) <= {"public", "pairwise"}
    assert "RS256" in said["id_token_signing_alg_values_supported"]
    assert "none" not in said["id_token_signing_alg_values_supported"]
    assert "openid" in said["scopes_supported"]
    assert {"sub", "iss", "auth_time", "acr", "name", "email", "address", "phone_number"} <= set(
        said["claims_supported"]
    )
    assert "authorization_code" in said["grant_types_supported"]
    assert {"client_secret_basic", "client_secret_post"} <= set(said["token_endpoint_auth_methods_supported"])
    assert said["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_what_has_a_default_is_said_all_the_same(provider: Provider) -> None:
    """request_uri_parameter_supported is true where it is left out, and the others are false."""
    for name in ("claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"):
        assert isinstance(provider.metadata[name], bool), name


@pytest.mark.spec("OpenID Connect Discovery 1.0", "3")
def test_no_list_is_empty_or_says_a_thing_twice(provider: Provider) -> None:
    for name, value in provider.metadata.items():
        if isinstance(value, list):
            assert value, name
            assert len(set(value)) == len(value), name


@pytest.mark.spec("RFC 7517", "5")
def test_the_keys_have_public_parts_alone_and_a_kid_each(provider: Provider) -> None:
    keys = provider.get(provider.metadata["jwks_uri"]).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert not PRIVATE & key.keys()
        assert key["use"] == "sig"
        assert key["alg"] in {"RS256", "ES256", "EdDSA"}
    assert {"RS256"} <= {key["alg"] for key in keys}


@pytest.mark.spec("RFC 7518", "3.3")
def test_rsa_keys_have_2048_bits_at_least(provider: Provider) -> None:
    keys = provider.get(provider.metadata["jwks_uri"]).json()["keys"]
    moduli = [int.from_bytes(base64.urlsafe_b64decode(key["n"] + "==")) for key in keys if key["kty"] == "RSA"]
    assert moduli
    assert min(modulus.bit_length() for modulus in moduli) >= 2048


@pytest.mark.spec("RFC 8414", "3")
def test_both_documents_say_the_same_of_what_both_name(provider: Provider) -> None:
    of_openid = provider.metadata
    assert {name: of_openid.get(name) for name in provider.server_metadata} == provider.server_metadata


@pytest.mark.spec("OpenID Connect Discovery 1.0", "4.1")
def test_anybody_may_read_the_documents_from_a_page_of_theirs(provider: Provider) -> None:
    for address in (f"{provider.url}/.well-known/openid-configuration", provider.metadata["jwks_uri"]):
        answer: requests.Response = provider.get(address, Origin="https://client.example")
        assert answer.headers["Access-Control-Allow-Origin"] in {"*", "https://client.example"}
        assert "Access-Control-Allow-Credentials" not in answer.headers

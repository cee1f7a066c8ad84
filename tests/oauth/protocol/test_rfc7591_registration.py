"""What a client may be registered as: the rules alone, without a database."""

from typing import Any

import pytest

from oauth.client_metadata import ClientMetadata
from oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from oauth.protocol.rfc7591_metadata import written
from oauth.protocol.rfc7591_registration import check_client_id, check_secret, described, examined
from oauth.vocabulary import AuthMethod, GrantType, Introspects, Pkce

WEB: dict[str, Any] = {"redirect_uris": ["https://app.example/callback"]}
PUBLIC = WEB | {"token_endpoint_auth_method": "none"}


def test_a_confidential_client_may_introspect_its_own_tokens_unless_told_otherwise():
    assert described(WEB).introspects is Introspects.OWN
    assert described(WEB | {"x_introspects": "none"}).introspects is Introspects.NONE
    assert described(PUBLIC).introspects is Introspects.NONE


def test_a_client_that_acts_for_itself_gets_no_scopes_of_people_unless_it_is_given_them():
    service = {"grant_types": ["client_credentials"]}
    assert described(service).scopes == ()
    assert described(service | {"scope": "read write"}).scopes == ("read", "write")
    assert "openid" in described(WEB).scopes


def test_scopes_may_be_custom_and_are_taken_from_either_name():
    assert described(WEB | {"scope": "openid https://api.example/read"}).scopes == (
        "openid",
        "https://api.example/read",
    )
    assert described(WEB | {"x_scopes": ["openid", "read"]}).scopes == ("openid", "read")


@pytest.mark.spec("RFC 7591", "2")
def test_unknown_members_are_ignored_but_for_unknown_policies():
    assert described(WEB | {"logo_uri": "https://app.example/logo", "tos_uri#ko": "https://app.example"}).name == ""
    with pytest.raises(InvalidClientMetadata, match="x_never_heard_of: is not known here"):
        described(WEB | {"x_never_heard_of": False})


@pytest.mark.spec("RFC 7591", "3.2.2")
@pytest.mark.parametrize(
    "uri",
    [
        "http://app.example/callback",
        "https://app.example/callback#fragment",
        "https://user@app.example/callback",
        "javascript:alert(1)",
        "myapp:/callback",
        "https://app.example/ two",
        "//app.example",
        "",
    ],
)
def test_a_redirect_uri_that_may_not_be_is_refused_as_such(uri: str):
    with pytest.raises(InvalidRedirectUri):
        described({"redirect_uris": [uri]})
    with pytest.raises(InvalidClientMetadata, match="post_logout_redirect_uris"):
        described(WEB | {"post_logout_redirect_uris": [uri]})


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1/cb", "http://[::1]:9000/cb", "http://localhost/cb", "com.example.app:/cb"]
)
def test_redirect_uris_on_the_persons_own_device_may_be(uri: str):
    assert described({"redirect_uris": [uri]}).redirect_uris == (uri,)


@pytest.mark.spec("RFC 7591", "3.2.2")
@pytest.mark.parametrize(
    ("metadata", "member"),
    [
        (PUBLIC | {"grant_types": ["authorization_code", "client_credentials"]}, "grant_types"),
        (PUBLIC | {"x_pkce": "optional"}, "x_pkce"),
        (PUBLIC | {"x_introspects": "own"}, "x_introspects"),
        (WEB | {"token_endpoint_auth_method": "client_secret_jwt"}, "token_endpoint_auth_method"),
        (WEB | {"token_endpoint_auth_method": ""}, "token_endpoint_auth_method"),
        (WEB | {"grant_types": ["implicit"]}, "grant_types"),
        (WEB | {"grant_types": "authorization_code"}, "grant_types"),
        (WEB | {"response_types": ["code", "token"]}, "response_types"),
        (WEB | {"response_types": "code"}, "response_types"),
        (WEB | {"scope": 'openid "read"'}, "scope"),
        (WEB | {"scope": "openid lire\u00e9"}, "scope"),
        (WEB | {"scope": ["openid", "two words"]}, "scope"),
        (WEB | {"scope": 7}, "scope"),
        (WEB | {"scope": "openid", "x_default_scopes": "profile"}, "x_default_scopes"),
        (WEB | {"client_name": "two\nlines"}, "client_name"),
        (WEB | {"client_name": None}, "client_name"),
        (WEB | {"client_name": "x" * 256}, "client_name"),
        (WEB | {"id_token_signed_response_alg": "none"}, "id_token_signed_response_alg"),
        (WEB | {"x_access_token_format": "paper"}, "x_access_token_format"),
        (WEB | {"x_access_token_lifetime": 59}, "x_access_token_lifetime"),
        (WEB | {"x_access_token_lifetime": 10**9}, "x_access_token_lifetime"),
        (WEB | {"x_access_token_lifetime": True}, "x_access_token_lifetime"),
        (WEB | {"x_skip_consent": "yes"}, "x_skip_consent"),
        (WEB | {"x_groups": [" "]}, "x_groups"),
        (WEB | {"x_introspects": "most"}, "x_introspects"),
        ({"redirect_uris": [7]}, "redirect_uris"),
        ({}, "redirect_uris"),
    ],
)
def test_what_may_not_be_is_refused_and_named(metadata: dict[str, Any], member: str):
    with pytest.raises((InvalidClientMetadata, InvalidRedirectUri), match=rf"{member}: +\S"):
        described(metadata)


def test_everything_that_is_wrong_is_found_at_once():
    _client, problems = examined(WEB | {"scope": '"', "x_pkce": "sometimes", "client_name": 1})
    assert {problem.member for problem in problems} == {"scope", "x_pkce", "client_name"}


def test_only_the_named_members_change():
    before = described(WEB | {"client_name": "The App", "x_pkce": "optional", "x_introspects": "none"})
    after = described({"client_name": "Our App"}, before=before)
    assert (after.name, after.pkce, after.introspects) == ("Our App", Pkce.OPTIONAL, Introspects.NONE)
    assert described({"grant_types": ["client_credentials"]}, before=before).scopes == before.scopes


@pytest.mark.parametrize(("before", "method"), [(WEB, "none"), (PUBLIC, "client_secret_basic")])
def test_a_client_stays_public_or_confidential(before: dict[str, Any], method: str):
    with pytest.raises(InvalidClientMetadata, match="make another client"):
        described({"token_endpoint_auth_method": method}, before=described(before))


def test_reading_what_was_written_changes_nothing():
    client = described(
        WEB | {"token_endpoint_auth_method": "client_secret_post", "x_groups": ["staff"], "scope": "openid read"}
    )
    assert client.auth_method is AuthMethod.CLIENT_SECRET_POST
    assert described(written(client)) == client
    assert described(written(described(WEB)), before=described(WEB)) == described(WEB)


def test_a_client_may_choose_between_header_and_body_where_nothing_is_said():
    assert described(WEB).auth_method is AuthMethod.ANY_SECRET
    assert "token_endpoint_auth_method" not in written(described(WEB))


def test_an_error_has_no_characters_that_an_error_may_not_have():
    with pytest.raises(InvalidRedirectUri) as refused:
        described({"redirect_uris": ['https://app.example/"\\\u00e9\n']})
    assert refused.value.description.isascii()
    assert not {'"', "\\", "\n"} & set(refused.value.description)


@pytest.mark.parametrize(
    "client_id",
    [
        "c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f",
        "C1D9A3B06B1B4D2C9D5E0A1B2C3D4E5F",
        "{c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f}",
        "urn:uuid:c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f",
        "first-party",
        "First-Party",
        "",
        "two words",
        "caf\u00e9",
        "x" * 256,
    ],
)
def test_a_client_id_is_no_persons_id_and_not_ours(client_id: str):
    assert check_client_id(client_id)


def test_other_client_ids_may_be():
    assert check_client_id("shop") is None
    assert check_client_id("https://shop.example/client") is None


@pytest.mark.parametrize(
    ("secret", "good"), [("x" * 31, False), ("x" * 32, True), ("x" * 513, False), ("x y" * 16, False)]
)
def test_a_given_secret_is_long(secret: str, good: bool):
    assert (check_secret(secret) is None) is good


def test_the_default_is_what_the_model_says():
    assert ClientMetadata().grant_types == (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)


def test_an_address_that_cannot_be_taken_apart_is_told_beside_all_else_that_is_wrong():
    bad = "https://[::::]/"
    named = {"redirect_uris": [bad], "subject_type": "pairwise", "client_uri": bad, "request_uris": [f"{bad}#x"]}
    _client, problems = examined(named | {"jwks_uri": bad, "post_logout_redirect_uris": [bad]})
    assert {problem.member for problem in problems} == {*named, "jwks_uri", "post_logout_redirect_uris"} - {
        "subject_type"
    } | {"sector_identifier_uri"}


def test_an_error_repeats_no_more_of_a_value_than_one_can_read():
    with pytest.raises(InvalidClientMetadata) as refused:
        described(WEB | {"subject_type": "x" * 5000})
    assert len(refused.value.description) < 200

"""OpenID Connect Registration 1.0, and what Back-Channel Logout 1.0 adds to it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from oauth.models import Client
from tests.loopback import Answer, Server, saying
from tests.registration import CALLBACK, manage, register, registered, said

pytestmark = pytest.mark.django_db
KEY = {"kty": "EC", "crv": "P-256", "kid": "1", "x": "x", "y": "y"}


def refused(**members: Any) -> str:
    answer = register(**members)
    assert answer.status_code == 400, answer.content
    assert not Client.objects.exists()
    return answer.json()["error"]


@contextmanager
def published(answer: Answer) -> Iterator[tuple[str, Server]]:
    """Serve a document on loopback; the path is new each time, so that nothing of it is kept already."""
    with Server(answer) as server:
        yield f"http://127.0.0.1:{server.port}/{uuid4()}", server


@pytest.fixture
def loopback(settings: Any) -> Callable[[Answer], Any]:
    settings.OUTBOUND_ALLOW_PRIVATE = True
    return published


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
def test_everything_that_is_registered_comes_back():
    members = {
        "client_name": "The New One",
        "logo_uri": "https://new.example/logo.png",
        "client_uri": "https://new.example/",
        "policy_uri": "https://new.example/privacy",
        "tos_uri": "https://new.example/terms",
        "contacts": ["a@new.example", "https://new.example/help"],
        "jwks_uri": "https://new.example/jwks",
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "subject_type": "pairwise",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "RS256",
        "request_object_signing_alg": "RS256",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "default_max_age": 3600,
        "default_acr_values": ["aal2", "aal1"],
        "request_uris": ["https://new.example/request#digest"],
        "post_logout_redirect_uris": ["https://new.example/out"],
        "backchannel_logout_uri": "https://new.example/logout",
        "backchannel_logout_session_required": True,
        "scope": "openid email",
    }
    told = registered(**members)
    assert {name: told[name] for name in members} == members
    assert "client_secret" not in told
    assert {name: manage(told).json()[name] for name in members} == members
    assert manage(told, "PUT", said(told)).json() == manage(told).json()


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
@pytest.mark.parametrize(
    "member", ["logo_uri", "client_uri", "policy_uri", "tos_uri", "jwks_uri", "sector_identifier_uri", "request_uris"]
)
@pytest.mark.parametrize(
    "uri",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://new.example/",
        "data:text/html;base64,PHNjcmlwdD4=",
        "http://new.example/",
        "ftp://new.example/",
        "//new.example/",
        "new.example",
        "https:new.example",
        "https://",
        "https://good.example@evil.example/",
        "https://good.example\\@evil.example/",
        "https://new.example/a b",
        "https://new.example/\u0001",
        'https://new.example/"><script>',
        "https://[::::]/",
        "https://new.example/" + "a" * 2048,
        7,
        True,
        {"of": "the wrong type"},
    ],
)
def test_addresses_are_https_and_nothing_else(member, uri):
    assert refused(**{member: [uri] if member == "request_uris" else uri}) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_key_set_has_no_private_parts(member):
    assert refused(jwks={"keys": [KEY, KEY | {member: "AQAB"}]}) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
@pytest.mark.parametrize(
    "jwks",
    [
        {"keys": []}, {"keys": [KEY] * 21}, {"keys": KEY}, {"keys": ["x"]}, {"keys": [{}]}, {"keys": [{"kty": 7}]},
        {}, [KEY], "https://new.example/jwks", 7, True,
    ],
)  # fmt: skip
def test_a_key_set_is_a_key_set(jwks):
    assert refused(jwks=jwks) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
@pytest.mark.parametrize(
    "members",
    [
        {"id_token_signed_response_alg": "none"},
        {"id_token_signed_response_alg": "HS256"},
        {"userinfo_signed_response_alg": "HS256"},
        {"request_object_signing_alg": "HS256", "jwks_uri": "https://new.example/jwks"},
        {"request_object_signing_alg": "RS256"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_signing_alg": "none"},
        {"response_types": ["id_token"]},
        {"response_types": ["code id_token"]},
        {"subject_type": "private"},
        {"default_max_age": -1},
        {"default_max_age": "3600"},
        {"default_max_age": 1 << 40},
        {"default_acr_values": ["urn:mace:incommon:iap:silver"]},
    ],
)
def test_what_is_not_offered_is_refused(members):
    assert refused(**members) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
@pytest.mark.parametrize(
    "of",
    [
        *("id_token_encrypted_response", "userinfo_encrypted_response", "request_object_encryption"),
        "authorization_encrypted_response",
    ],
)
@pytest.mark.parametrize("part", ["alg", "enc"])
def test_encryption_is_refused_not_left_out(of, part):
    assert refused(**{f"{of}_{part}": "A128CBC-HS256"}) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "2")
def test_unsigned_request_objects_and_userinfo_may_be_named():
    told = registered(request_object_signing_alg="none", userinfo_signed_response_alg="none")
    assert told["request_object_signing_alg"] == "none"
    assert "userinfo_signed_response_alg" not in told


@pytest.mark.spec("OpenID Connect Registration 1.0", "5")
def test_a_sector_document_names_every_redirect_uri(loopback):
    uris = [CALLBACK, "https://other.example/callback"]
    with loopback(saying(json.dumps([*uris, "https://third.example/"]).encode())) as (address, server):
        told = registered(redirect_uris=uris, subject_type="pairwise", sector_identifier_uri=address)
    assert (told["sector_identifier_uri"], told["subject_type"], server.connections) == (address, "pairwise", 1)


@pytest.mark.spec("OpenID Connect Registration 1.0", "5")
@pytest.mark.parametrize(
    "answer",
    [
        saying(b'["https://other.example/callback"]'),
        saying(b'["https://new.example/callback/"]'),
        saying(b"[]"),
        saying(b"{}"),
        saying(b'"https://new.example/callback"'),
        saying(b'["https://new.example/callback", 7]'),
        saying(b"not JSON"),
        saying(b'["https://new.example/callback"]', status="404 Not Found"),
        saying(b"", status="302 Found", location="https://new.example/elsewhere"),
        saying(b'["' + b"a" * 70_000 + b'"]'),
    ],
)
@pytest.mark.parametrize("subject_type", ["pairwise", "public"])
def test_a_sector_document_that_does_not_is_refused(loopback, answer, subject_type):
    with loopback(answer) as (address, _server):
        error = refused(subject_type=subject_type, sector_identifier_uri=address)
    assert error == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Registration 1.0", "5")
def test_a_change_of_redirect_uris_is_held_to_the_sector_document(loopback):
    with loopback(saying(json.dumps([CALLBACK]).encode())) as (address, _server):
        told = registered(subject_type="pairwise", sector_identifier_uri=address)
        answer = manage(told, "PUT", said(told, redirect_uris=[CALLBACK, "https://other.example/"]))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


@pytest.mark.spec("OpenID Connect Core 1.0", "8.1")
@pytest.mark.parametrize(
    "uris",
    [
        [CALLBACK, "https://other.example/callback"],
        ["http://localhost/callback"],
        [CALLBACK, "http://127.0.0.1/callback"],
        ["com.example.new:/callback"],
    ],
)
def test_pairwise_subjects_need_one_sector(uris):
    members = {"redirect_uris": uris, "subject_type": "pairwise", "token_endpoint_auth_method": "none"}
    assert refused(**members) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect Core 1.0", "8.1")
def test_several_redirect_uris_of_one_host_are_one_sector():
    uris = [CALLBACK, "https://NEW.example:8443/other"]
    assert registered(redirect_uris=uris, subject_type="pairwise")["subject_type"] == "pairwise"


@pytest.mark.spec("OpenID Connect Back-Channel Logout 1.0", "2.2")
@pytest.mark.parametrize("uri", ["https://new.example/logout#fragment", "http://new.example/logout", "javascript:x"])
def test_a_logout_uri_is_https_and_has_no_fragment(uri):
    assert refused(backchannel_logout_uri=uri) == "invalid_client_metadata"


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3.1")
@pytest.mark.parametrize("uri", ["http://new.example/out", "javascript:alert(1)", "https://new.example/#out"])
def test_where_people_go_after_signing_out_is_held_to_the_rules_of_redirect_uris(uri):
    assert refused(post_logout_redirect_uris=[uri]) == "invalid_client_metadata"

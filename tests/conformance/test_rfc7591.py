"""RFC 7591: dynamic client registration."""

import time

import pytest
from django.test import Client as Browser

from oauth.conf import REGISTRABLE_SCOPES
from oauth.models import Client, InitialAccessToken
from tests.clients import Application
from tests.explained import without_reference
from tests.registration import CALLBACK, NEWCOMER, leave, register, registered, send
from trust.audit.models import AuditEvent
from trust.lib import clock

pytestmark = pytest.mark.django_db


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_a_registered_client_is_told_all_that_it_is():
    answer = register(client_name="The New One", client_uri="https://new.example/")
    told = answer.json()
    client = Client.objects.get()
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        201,
        "application/json",
        "no-store",
    )
    assert told == {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_secret": told["client_secret"],
        "client_secret_expires_at": 0,
        "registration_access_token": told["registration_access_token"],
        "registration_client_uri": f"http://testserver/oauth/register/{client.client_id}",
        "client_name": "The New One",
        "client_uri": "https://new.example/",
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid profile email address phone offline_access",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
    }
    assert abs(told["client_id_issued_at"] - time.time()) < 60


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_a_public_client_gets_no_secret():
    told = registered(token_endpoint_auth_method="none")
    assert not {"client_secret", "client_secret_expires_at"} & set(told)
    assert Client.objects.get().client_type == "public"


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_a_registered_client_signs_people_in(person):
    told = registered(grant_types=["authorization_code", "refresh_token"])
    application = Application(Client.objects.get(), told["client_secret"])
    application.sign_in()
    tokens = application.tokens()
    assert tokens["id_token"]
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7591", "3.1")
def test_with_a_trailing_slash_too():
    assert send("POST", "/oauth/register/", NEWCOMER, leave()).status_code == 201


@pytest.mark.spec("RFC 7591", "3")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_registration_is_by_post_alone(method):
    answer = send(method, "/oauth/register", token=leave())
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.spec("RFC 7591", "3.1")
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"redirect_uris=https://new.example/callback"),
        ("text/plain", b"{}"),
        ("application/jwt", b"{}"),
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'"text"'),
        ("application/json", b"null"),
        ("application/json", b'{"redirect_uris": ["https://a.example/"], "redirect_uris": ["https://b.example/"]}'),
        ("application/json", b'{"default_max_age": NaN}'),
    ],
)
def test_the_body_is_one_json_object(content_type, body):
    headers = {"authorization": f"Bearer {leave()}"}
    answer = Browser().generic("POST", "/oauth/register", body, content_type=content_type, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert InitialAccessToken.objects.get().uses_left == 1


@pytest.mark.spec("RFC 7591", "3.1")
def test_json_may_name_its_charset():
    headers = {"authorization": f"Bearer {leave()}"}
    body = b'{"redirect_uris": ["https://new.example/callback"]}'
    answer = Browser().generic(
        "POST", "/oauth/register", body, content_type="application/json; charset=utf-8", headers=headers
    )
    assert answer.status_code == 201


@pytest.mark.spec("RFC 7591", "3")
def test_without_an_initial_access_token_there_is_a_challenge_that_names_no_error():
    answer = register(token=None)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="oauth"')
    assert (answer.json()["error"], answer["Cache-Control"]) == ("invalid_token", "no-store")
    assert not Client.objects.exists()


@pytest.mark.spec("RFC 7591", "3")
@pytest.mark.parametrize("why", ["unknown", "used up", "expired", "no token"])
def test_an_initial_access_token_that_is_not_good_is_refused_alike(why):
    token = leave()
    if why == "used up":
        assert register(token=token).status_code == 201
    if why == "expired":
        InitialAccessToken.objects.update(expires=clock.now())
    presented = {"unknown": "unknown", "no token": "{}"}.get(why, token)
    answer = register(token=presented)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="oauth", error="invalid_token"')
    assert without_reference(answer) == {"error": "invalid_token", "error_description": "The token is not valid."}
    assert Client.objects.count() == (why == "used up")


@pytest.mark.spec("RFC 7591", "3")
def test_the_scheme_of_the_header_has_no_case():
    headers = {"authorization": f"bEARER {leave()}"}
    answer = Browser().post("/oauth/register", NEWCOMER, content_type="application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.spec("RFC 7591", "3.2.2")
def test_a_refused_request_uses_no_initial_access_token():
    token = leave()
    assert register({"redirect_uris": ["http://new.example/"]}, token).status_code == 400
    assert register(token=token).status_code == 201
    assert InitialAccessToken.objects.get().uses_left == 0


@pytest.mark.spec("RFC 7591", "3")
def test_an_open_server_asks_for_no_token(settings):
    settings.DCR = "open"
    assert register(token=None).status_code == 201


@pytest.mark.spec("RFC 7591", "3")
def test_a_closed_server_registers_nobody_and_announces_nothing(settings):
    settings.DCR = "off"
    answer = register()
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    assert not Client.objects.exists()
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
        assert "registration_endpoint" not in Browser().get(path).json()


@pytest.mark.spec("RFC 7591", "3")
@pytest.mark.parametrize("mode", ["token", "open"])
def test_the_endpoint_is_announced(settings, mode):
    settings.DCR = mode
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"):
        assert Browser().get(path).json()["registration_endpoint"] == "http://testserver/oauth/register"


@pytest.mark.spec("RFC 7591", "3.2.2")
@pytest.mark.parametrize(
    "uri",
    [
        "https://new.example/callback#fragment",
        "https://new.example/callback#",
        "http://new.example/callback",
        "https://user@new.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        "new:/callback",
        "com.example.new:/callback",
        "https://new.example/two words",
        "https://new.example/" + "a" * 2048,
        "http://[::::]/",
        "https://",
        "",
        7,
        None,
        ["https://new.example/"],
    ],
)
def test_a_redirect_uri_that_may_not_be_is_refused_as_such(uri):
    answer = register(redirect_uris=[uri])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")
    assert not Client.objects.exists()


@pytest.mark.spec("RFC 7591", "2")
@pytest.mark.parametrize("uris", [None, [], "https://new.example/callback", {}, 7])
def test_redirect_uris_are_a_list_and_needed(uris):
    assert register(redirect_uris=uris).json()["error"] == "invalid_redirect_uri"


@pytest.mark.spec("RFC 8252", "7")
@pytest.mark.parametrize("uri", ["com.example.new:/callback", "http://127.0.0.1/callback", "http://[::1]:9000/"])
def test_a_public_client_may_be_a_program_on_a_device(uri):
    assert registered(redirect_uris=[uri], token_endpoint_auth_method="none")["redirect_uris"] == [uri]


@pytest.mark.spec("RFC 7591", "2")
def test_a_client_that_names_no_grant_types_has_the_authorization_code_alone():
    assert registered()["grant_types"] == ["authorization_code"]


@pytest.mark.spec("RFC 7591", "2")
@pytest.mark.parametrize(
    "grant_types",
    [
        ["client_credentials"],
        ["authorization_code", "client_credentials"],
        ["implicit"],
        ["authorization_code", "password"],
        ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
        ["refresh_token"],
        [],
        "authorization_code",
        [["authorization_code"]],
    ],
)
def test_no_other_grant_type_is_to_be_had(grant_types):
    answer = register(grant_types=grant_types)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


@pytest.mark.spec("RFC 7591", "2")
@pytest.mark.parametrize(
    ("asked", "got"),
    [
        (None, " ".join(REGISTRABLE_SCOPES)),
        ("openid email", "openid email"),
        ("openid roles read write", "openid"),
        ('openid "quoted"', "openid"),
        ("", ""),
    ],
)
def test_scopes_that_are_not_for_everybody_are_left_out_and_the_answer_says_so(asked, got):
    assert registered(scope=asked)["scope"] == got
    assert Client.objects.get().scopes == got


@pytest.mark.spec("RFC 7591", "2")
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_the_methods_of_authentication_that_there_are(method):
    assert registered(token_endpoint_auth_method=method)["token_endpoint_auth_method"] == method


@pytest.mark.spec("RFC 7591", "2")
def test_members_that_are_not_understood_are_ignored():
    told = registered(
        **{
            "client_name#ko": "새 것",
            "tos_uri#fr": "https://new.example/cgu",
            "software_id": "4NRB1-0XZABZI9E6-5SM3R",
            "software_version": "1",
            "software_statement": "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmlzIjpbXX0.",
            "application_type": "web",
            "favourite_colour": {"of": ["the", "client"]},
            "client_id": "chosen",
            "client_secret": "chosen by the client, and long enough to be one",
        }
    )
    assert told["redirect_uris"] == [CALLBACK]
    assert told["client_id"] != "chosen"
    assert told["client_secret"] != "chosen by the client, and long enough to be one"
    assert not {"client_name#ko", "software_statement", "application_type", "favourite_colour"} & set(told)


@pytest.mark.spec("RFC 7591", "2")
def test_null_is_the_same_as_nothing():
    names = (
        *("client_name", "scope", "grant_types", "response_types", "token_endpoint_auth_method", "jwks", "jwks_uri"),
        *("contacts", "logo_uri", "default_max_age", "subject_type", "id_token_signed_response_alg", "client_id"),
    )
    whole = registered()
    told = registered(**dict.fromkeys(names))
    secrets = {name for name in told if name.startswith(("client_id", "client_secret", "registration_"))}
    assert {name: told[name] for name in told.keys() - secrets} == {name: whole[name] for name in told.keys() - secrets}


@pytest.mark.spec("RFC 7591", "2")
def test_a_key_set_and_its_address_do_not_stand_together():
    key = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    keys = {"jwks": {"keys": [key]}, "jwks_uri": "https://new.example/jwks"}
    assert register(**keys).json()["error"] == "invalid_client_metadata"
    assert registered(jwks=keys["jwks"])["jwks"] == keys["jwks"]
    assert registered(jwks_uri=keys["jwks_uri"])["jwks_uri"] == keys["jwks_uri"]


@pytest.mark.spec("RFC 7591", "3.2.2")
def test_an_error_names_the_member_and_what_is_wrong():
    answer = without_reference(register(response_types=["token"]))
    assert answer == {"error": "invalid_client_metadata", "error_description": "response_types: may only be code"}


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_a_client_that_names_all_that_it_could_speak_is_registered_for_what_is_spoken_here():
    told = registered(
        response_types=["code", "id_token", "code id_token"], grant_types=["authorization_code", "implicit"]
    )
    assert (told["response_types"], told["grant_types"]) == (["code"], ["authorization_code"])


@pytest.mark.spec("RFC 7591", "1.2")
def test_the_registration_is_in_the_trail_with_its_address():
    told = registered()
    event = AuditEvent.objects.of_action("client.registered").get()
    assert (event.client_id, event.client_address) == (told["client_id"], "127.0.0.1")
    assert told["client_secret"] not in str(event.details)
    assert told["registration_access_token"] not in str(event.details)

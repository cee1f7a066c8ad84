"""RFC 7592: the management of a registration by its client."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from oauth.models import Client, Consent
from oauth.services import client_secrets, clients
from tests.at_once import at_once
from tests.clients import Application, make_client
from tests.explained import without_reference
from tests.registration import CALLBACK, manage, registered, said, send
from tests.relying_party import userinfo
from trust.audit.models import AuditEvent
from trust.lib.digests import digest_of

pytestmark = pytest.mark.django_db
OTHER = "https://new.example/other"


@pytest.mark.spec("RFC 7592", "2.1")
def test_a_client_reads_what_it_is_without_its_secret():
    told = registered(client_name="The New One")
    answer = manage(told)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json() == {name: told[name] for name in told if not name.startswith("client_secret")}
    assert manage(told | {"registration_client_uri": f"{told['registration_client_uri']}/"}).json() == answer.json()


@pytest.mark.spec("RFC 7592", "2.1")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "why", ["wrong", "another client's", "unknown client", "disabled", "not registered by itself", "the secret", "odd"]
)
def test_a_token_that_is_not_good_for_a_client_is_refused_alike(method, why):
    told, other = registered(), registered()
    token = told["registration_access_token"]
    match why:
        case "wrong":
            token = "wrong"
        case "another client's":
            token = other["registration_access_token"]
        case "unknown client":
            told = told | {"registration_client_uri": "http://testserver/oauth/register/nobody"}
        case "disabled":
            Client.objects.filter(client_id=told["client_id"]).update(is_active=False)
        case "not registered by itself":
            made = make_client("made", registration_token_digest=digest_of(token))
            told = {"registration_client_uri": f"http://testserver/oauth/register/{made.client_id}"}
        case "the secret":
            token = told["client_secret"]
        case "odd":
            token = "{}"
    before = list(Client.objects.order_by("pk").values())
    answer = manage(told, method, {"client_id": told.get("client_id"), "redirect_uris": [CALLBACK]}, token)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="oauth", error="invalid_token"')
    assert without_reference(answer) == {"error": "invalid_token", "error_description": "The token is not valid."}
    assert list(Client.objects.order_by("pk").values()) == before


@pytest.mark.spec("RFC 7592", "2")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/oauth/register/nobody", None])
def test_without_a_token_everybody_is_challenged_alike(method, path):
    told = registered()
    answer = send(method, path or f"/oauth/register/{told['client_id']}")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="oauth"')
    assert without_reference(answer) == {"error": "invalid_token", "error_description": "A bearer token is needed."}
    assert Client.objects.count() == 1


@pytest.mark.spec("RFC 7592", "2.2")
def test_what_a_client_says_replaces_all_that_it_said_before():
    told = registered(client_name="The New One", contacts=["a@new.example"], scope="openid email")
    answer = manage(told, "PUT", {"client_id": told["client_id"], "redirect_uris": [OTHER], "client_name": "Newer"})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    new = answer.json()
    assert (new["client_name"], new["redirect_uris"]) == ("Newer", [OTHER])
    assert "contacts" not in new
    assert new["scope"] == "openid profile email address phone offline_access"
    assert new["registration_access_token"] == told["registration_access_token"]
    assert manage(told).json() == new
    event = AuditEvent.objects.of_action("client.changed").get()
    assert (event.client_id, event.client_address) == (told["client_id"], "127.0.0.1")


@pytest.mark.spec("RFC 7592", "2.2")
def test_what_was_read_can_be_sent_back_and_changes_nothing():
    told = registered(token_endpoint_auth_method="client_secret_post", grant_types=["authorization_code"])
    row = Client.objects.values().get()
    assert manage(told, "PUT", said(manage(told).json())).json() == manage(told).json()
    assert Client.objects.values().get() == row
    assert not AuditEvent.objects.of_action("client.changed").exists()


@pytest.mark.spec("RFC 7592", "2.2")
@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": None},
        {"client_id": "another"},
        {"client_id": 7},
        {"client_secret": "not the one that it has"},
        {"client_secret": ""},
        {"client_secret": ["x"]},
        {"registration_access_token": "x"},
        {"registration_client_uri": "https://new.example/"},
        {"client_secret_expires_at": 0},
        {"client_id_issued_at": 0},
        {"token_endpoint_auth_method": "none"},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://new.example/jwks"},
        {"grant_types": ["authorization_code", "client_credentials"]},
        {"response_types": ["token"]},
    ],
)
def test_what_a_client_may_not_say_is_refused(changed):
    told = registered()
    row = Client.objects.values().get()
    answer = manage(told, "PUT", said(told) | changed)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert Client.objects.values().get() == row


@pytest.mark.spec("RFC 7592", "2.2")
def test_the_secret_that_it_has_may_be_said_and_stays():
    told = registered()
    assert manage(told, "PUT", said(told, client_name="Newer", client_secret=told["client_secret"])).status_code == 200
    assert manage(told, "PUT", said(told, client_secret=None)).status_code == 200


@pytest.mark.spec("RFC 7592", "2.2")
def test_either_secret_may_be_said_while_two_are_good_and_both_stay():
    told = registered()
    row = Client.objects.get(client_id=told["client_id"])
    new = client_secrets.rotate(client_pk=row.pk, keep=timedelta(days=7))
    for secret in (told["client_secret"], new):
        answer = manage(told, "PUT", said(told, client_secret=secret))
        assert answer.status_code == 200
        assert "client_secret" not in answer.json()
    client_secrets.end_previous(client_pk=row.pk)
    assert manage(told, "PUT", said(told, client_secret=told["client_secret"])).status_code == 400
    assert manage(told, "PUT", said(told, client_secret=new)).status_code == 200


@pytest.mark.spec("RFC 7592", "2.2")
def test_a_public_client_has_no_secret_to_say():
    told = registered(token_endpoint_auth_method="none")
    assert manage(told, "PUT", said(told) | {"client_secret": ""}).status_code == 400
    assert manage(told, "PUT", said(told)).status_code == 200


@pytest.mark.spec("RFC 7592", "2.2")
@pytest.mark.parametrize("uri", ["http://new.example/", "https://new.example/#fragment", "com.example.new:/callback"])
def test_a_redirect_uri_is_held_to_the_same_rules(uri):
    told = registered()
    assert manage(told, "PUT", said(told, redirect_uris=[uri])).json()["error"] == "invalid_redirect_uri"


@pytest.mark.spec("RFC 7592", "2.2")
def test_the_body_is_a_json_object():
    told = registered()
    headers = {"authorization": f"Bearer {told['registration_access_token']}"}
    path = f"/oauth/register/{told['client_id']}"
    for content_type, body in [("text/plain", b"{}"), ("application/json", b"[]"), ("application/json", b"")]:
        answer = Browser().generic("PUT", path, body, content_type=content_type, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("RFC 7592", "2.2")
def test_what_an_administrator_decided_stays():
    told = registered(scope="openid email")
    client = Client.objects.get()
    client.reviewed, client.skip_authorization, client.introspects, client.pkce = True, True, "own", "optional"
    client.access_token_lifetime, client.access_token_format, client.claims = 120, "opaque", {"team": "groups"}
    client.grant_types, client.scopes = "authorization_code client_credentials", "openid email roles read"
    client.default_scopes = "openid roles"
    client.save()
    client.groups.add(Group.objects.create(name="staff"))
    before = clients.metadata_of(client)
    assert manage(told, "PUT", said(manage(told).json())).status_code == 200
    assert clients.metadata_of(Client.objects.get()) == before
    assert manage(told, "PUT", said(manage(told).json(), client_name="Newer")).status_code == 200
    after = clients.metadata_of(Client.objects.get())
    assert not after.reviewed  # what was looked at is not what stands now
    names = ("skips_consent", "introspects", "pkce", "access_token_lifetime", "access_token_format", "claims", "groups")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert (after.scopes, after.default_scopes) == (before.scopes, before.default_scopes)


@pytest.mark.spec("RFC 7592", "2.2")
def test_what_a_client_gives_up_its_tokens_lose(person):
    told = registered()
    application = Application(Client.objects.get(), told["client_secret"])
    application.sign_in()
    token = application.tokens(scope="openid email")["access_token"]
    assert manage(told, "PUT", said(told, scope="openid")).json()["scope"] == "openid"
    assert userinfo(token).status_code == 401


@pytest.mark.spec("RFC 7592", "2.3")
def test_a_client_deletes_itself_with_all_that_it_was_given(person):
    told = registered()
    application = Application(Client.objects.get(), told["client_secret"])
    application.sign_in()
    token, code = application.tokens()["access_token"], application.code()
    answer = manage(told, "DELETE")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (204, b"", "no-store")
    assert not Client.objects.exists()
    assert not Consent.objects.exists()
    assert userinfo(token).status_code == 401
    assert application.exchange(code).status_code == 401
    assert application.authorize().status_code == 400
    assert [manage(told, method).status_code for method in ("GET", "PUT", "DELETE")] == [401] * 3
    event = AuditEvent.objects.of_action("client.deleted").get()
    assert (event.client_id, event.client_address) == (told["client_id"], "127.0.0.1")


@pytest.mark.spec("RFC 7592", "2")
@pytest.mark.parametrize("method", ["POST", "PATCH", "OPTIONS"])
def test_other_methods_are_not_allowed(method):
    answer = manage(registered(), method)
    assert (answer.status_code, answer["Allow"]) == (405, "DELETE, GET, HEAD, PUT")


@pytest.mark.spec("RFC 7592", "2")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_where_registration_is_closed_its_management_is_too(settings, method):
    told = registered()
    settings.DCR = "off"
    answer = manage(told, method, said(told))
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    assert Client.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_deletions_at_once_one_does_it_and_none_fails():
    told = registered()
    assert sorted(at_once(4, lambda: manage(told, "DELETE").status_code)) == [204, 401, 401, 401]
    assert AuditEvent.objects.of_action("client.deleted").count() == 1

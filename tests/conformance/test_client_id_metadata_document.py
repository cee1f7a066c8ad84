"""Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document-01), over HTTP.

A client's site is on loopback, where http has to do for https (OUTBOUND_ALLOW_PRIVATE).
"""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from oauth.conf import CLIENT_DOCUMENT_GRACE, LARGEST_CLIENT_DOCUMENT
from oauth.models import Client
from tests.client_keys import ClientKey, assertion_claims, by_assertion
from tests.clients import CALLBACK, answer_of
from tests.oauth.grants import change
from tests.published_client import forget_fetched
from tests.registration import registered
from trust.lib import clock

pytestmark = pytest.mark.django_db

METADATA = "/.well-known/oauth-authorization-server"


def expire(client: Client, ago: timedelta = timedelta(seconds=1)) -> None:
    change(client, cimd_expires_at=clock.now() - ago)
    forget_fetched()


@pytest.mark.spec("Client ID metadata documents", "5")
def test_the_metadata_says_that_such_clients_may_come_if_they_may(settings):
    assert "client_id_metadata_document_supported" not in Browser().get(METADATA).json()
    settings.AGENT_CLIENTS = True
    assert Browser().get(METADATA).json()["client_id_metadata_document_supported"] is True


@pytest.mark.spec("Client ID metadata documents", "4")
def test_a_client_that_nobody_registered_goes_the_whole_way(agent, person):
    agent.sign_in(person.username)
    tokens = agent.tokens(scope="openid profile offline_access")
    assert agent.refresh(tokens["refresh_token"]).status_code == 200
    assert agent.looked_up == 1
    assert (agent.row.registration_source, agent.row.name, agent.row.reviewed) == ("cimd", "The Agent", False)


@pytest.mark.spec("Client ID metadata documents", "4")
def test_without_the_setting_it_is_an_unknown_client(agent, person, settings):
    agent.sign_in(person.username)
    tokens = agent.tokens(scope="openid offline_access")
    settings.AGENT_CLIENTS = False
    assert agent.authorize().status_code == 400
    assert agent.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"


@pytest.mark.spec("Client ID metadata documents", "4")
@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "302 Found", "404 Not Found", "500 Oops"])
def test_any_status_but_200_is_an_error(agent, status):
    agent.publish()
    agent.site.publish(agent.path, {"client_id": agent.client_id}, status=status, location=f"{agent.site.url}/b")
    assert agent.authorize().status_code == 400
    assert not Client.objects.exists()
    assert agent.site.received("/b") == []


@pytest.mark.spec("Client ID metadata documents", "4.1")
@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/oauth+json"]
)
def test_the_document_may_have_any_type_of_json(agent, content_type):
    agent.site.publish(
        agent.path, {"client_id": agent.client_id, "redirect_uris": [CALLBACK]}, content_type=content_type
    )
    assert agent.authorize().status_code == 303


@pytest.mark.spec("Client ID metadata documents", "4.1")
@pytest.mark.parametrize(
    ("said", "content_type"),
    [
        ("{}", "text/plain"),
        ("{}", "application/json"),
        ("[]", "application/json"),
        ("{", "application/json"),
        ('{"client_id": 1}', "application/json"),
        ("\x00", "application/json"),
    ],
)
def test_what_is_no_document_is_refused(agent, said, content_type):
    agent.site.publish(agent.path, said, content_type=content_type)
    assert agent.authorize().status_code == 400


@pytest.mark.spec("Client ID metadata documents", "4.1")
@pytest.mark.parametrize(
    "said",
    [
        {"client_secret": ""},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "client_secret_post"},
        {"token_endpoint_auth_method": "client_secret_jwt"},
        {"token_endpoint_auth_method": ["none"]},
        {"token_endpoint_auth_method": "private_key_jwt"},  # without a key
    ],
)
def test_a_client_with_a_secret_is_refused(agent, said):
    agent.publish(**said)
    assert agent.authorize().status_code == 400
    assert not Client.objects.exists()


@pytest.mark.spec("Client ID metadata documents", "6.2")
def test_a_client_may_prove_itself_by_a_key_and_then_must(agent, person):
    key = ClientKey("ES256")
    agent.publish(token_endpoint_auth_method="private_key_jwt", jwks=key.key_set())
    agent.sign_in(person.username)
    code = agent.code()
    assert agent.exchange(code).json()["error"] == "invalid_client"
    proof = by_assertion(key.sign(assertion_claims(agent.client_id)))
    assert agent.exchange(code, **proof).status_code == 200


@pytest.mark.spec("Client ID metadata documents", "4.5")
def test_the_redirect_uri_is_one_of_the_document_exactly(agent):
    for other in (f"{CALLBACK}/", "https://evil.example/callback", CALLBACK.upper()):
        assert agent.authorize(redirect_uri=other).status_code == 400
    assert agent.authorize().status_code == 303


@pytest.mark.spec("Client ID metadata documents", "4.1")
def test_what_is_for_other_servers_is_left_out(agent, person):
    agent.publish(
        redirect_uris=[CALLBACK, "cursor://callback", "http://a.example/"],
        grant_types=["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "implicit"],
        response_types=["code", "token"],
        scope="openid profile notes:of-another-server",
        application_type="native",
        x_skip_consent=True,
    )
    agent.sign_in(person.username)
    assert agent.authorize().status_code == 200
    row = agent.row
    assert (row.redirect_uris, row.grant_types, row.scopes) == (CALLBACK, "authorization_code", "openid profile")
    assert row.skip_authorization is False


@pytest.mark.spec("Client ID metadata documents", "4.4")
@pytest.mark.parametrize(("max_age", "seconds"), [(0, 300), (3600, 3600), (10**8, 86_400)])
def test_a_document_is_good_for_as_long_as_it_says_within_bounds(agent, max_age, seconds):
    agent.publish(max_age=max_age)
    agent.authorize()
    left = agent.row.cimd_expires_at - clock.now()
    assert timedelta(seconds=seconds - 30) < left <= timedelta(seconds=seconds)
    forget_fetched()
    agent.authorize()
    assert agent.looked_up == 1


@pytest.mark.spec("Client ID metadata documents", "4.4")
def test_an_error_is_not_kept_longer_than_a_moment(agent):
    agent.site.publish(agent.path, "", status="500 Oops")
    assert agent.authorize().status_code == 400
    assert agent.authorize().status_code == 400
    assert agent.looked_up == 1
    agent.publish()
    assert agent.authorize().status_code == 303


@pytest.mark.spec("Client ID metadata documents", "6.3")
def test_a_changed_document_counts_when_the_old_one_is_over(agent, person):
    agent.sign_in(person.username)
    access = agent.tokens()["access_token"]
    agent.publish(redirect_uris=["https://app.example/new"])
    assert agent.authorize().status_code == 200
    expire(agent.row)
    assert agent.authorize().status_code == 400
    assert agent.authorize(redirect_uri="https://app.example/new").status_code == 200
    userinfo = Browser().get("/oauth/userinfo", headers={"authorization": f"Bearer {access}"})
    assert userinfo.status_code == 401


@pytest.mark.spec("Client ID metadata documents", "6.2.1")
@pytest.mark.parametrize(("keys", "status"), [(["one", "two"], 200), (["two"], 401)])
def test_tokens_die_with_the_key_that_they_were_asked_for_by(agent, person, keys, status):
    """A key that is added ends nothing: clients change their keys, one beside the other for a while."""
    agent.publish(token_endpoint_auth_method="private_key_jwt", jwks=ClientKey("ES256", "one").key_set())
    agent.sign_in(person.username)
    proof = by_assertion(ClientKey("ES256", "one").sign(assertion_claims(agent.client_id)))
    access = agent.exchange(agent.code(), **proof).json()["access_token"]
    expire(agent.row)
    jwks = {"keys": [ClientKey("ES256", kid).jwk() for kid in keys]}
    agent.publish(token_endpoint_auth_method="private_key_jwt", jwks=jwks)
    agent.authorize()
    headers = {"authorization": f"Bearer {access}"}
    assert Browser().get("/oauth/userinfo", headers=headers).status_code == status


@pytest.mark.spec("Client ID metadata documents", "4.3")
def test_a_known_client_whose_site_is_down_is_let_in_for_a_while(agent):
    agent.authorize()
    agent.site.publish(agent.path, "", status="503 Down")
    expire(agent.row)
    assert agent.authorize().status_code == 303
    expire(agent.row, CLIENT_DOCUMENT_GRACE + timedelta(seconds=1))
    assert agent.authorize().status_code == 400


@pytest.mark.spec("Client ID metadata documents", "6.6")
def test_a_document_of_more_than_five_kilobytes_is_refused(agent):
    agent.publish(client_uri=f"https://app.example/{'a' * LARGEST_CLIENT_DOCUMENT}")
    assert agent.authorize().status_code == 400
    agent.publish(software_statement="a" * (LARGEST_CLIENT_DOCUMENT - 500))
    assert agent.authorize().status_code == 303


@pytest.mark.spec("Client ID metadata documents", "6.9")
def test_the_ids_that_are_made_here_never_look_like_a_url(db):
    assert not registered()["client_id"].startswith("http")


@pytest.mark.spec("RFC 9207", "2")
def test_the_answer_names_the_issuer(agent, person):
    agent.sign_in(person.username)
    agent.authorize()
    assert answer_of(agent.decide())["iss"] == "http://testserver"

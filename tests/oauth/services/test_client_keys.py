"""The keys of clients: as registered, or as published, fetched safely and anew where the client changed them."""

from datetime import timedelta

import pytest

from oauth.services import client_documents, client_keys
from tests.client_keys import ClientKey
from tests.conformance.plans.client_site import ClientSite
from tests.loopback import Server, saying
from tests.oauth.protocol.requests import registered
from trust.keys import foreign
from trust.keys.foreign import InvalidToken
from trust.lib import clock
from trust.lib.fetch_cache import FetchCache

KEY, NEXT = ClientKey("ES256", "one"), ClientKey("ES256", "two")
CLAIMS = {"n": 1}


@pytest.fixture
def site(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as running:
        yield running


def verify(key, client):
    return client_keys.verified(foreign.parse(key.sign(CLAIMS), longest=8192), client)


def refused(key, client):
    with pytest.raises(InvalidToken):
        verify(key, client)


def test_a_registered_key_is_believed_and_no_other():
    client = registered(jwks=KEY.key_set())
    assert verify(KEY, client) == CLAIMS
    refused(NEXT, client)
    refused(KEY, registered())
    refused(KEY, None)


def test_a_published_key_is_fetched_once_for_many_signatures(site):
    client = registered(jwks_uri=site.publish("/keys", KEY.key_set()))
    assert [verify(KEY, client) for _ in range(5)] == [CLAIMS] * 5
    assert len(site.received("/keys")) == 1


@pytest.mark.spec("OpenID Connect Core", "10.1.1")
def test_a_key_that_its_client_has_just_published_is_known_at_once_and_the_old_one_is_not(site):
    client = registered(jwks_uri=site.publish("/rotated", KEY.key_set()))
    verify(KEY, client)
    site.publish("/rotated", NEXT.key_set())
    assert verify(NEXT, client) == CLAIMS
    refused(KEY, client)
    assert len(site.received("/rotated")) == 2


def test_made_up_kids_do_not_have_us_ask_the_client_each_time(site):
    client = registered(jwks_uri=site.publish("/asked", KEY.key_set()))
    verify(KEY, client)
    for number in range(20):
        refused(ClientKey("ES256", f"made up {number % 3}"), client)
    assert verify(KEY, client) == CLAIMS
    assert len(site.received("/asked")) == 2


def test_a_client_that_answers_nothing_good_is_not_asked_each_time(site):
    for name, document in {"gone": None, "text": "no JSON", "list": [], "large": {"keys": ["x" * 70_000]}}.items():
        uri = site.url + f"/{name}" if document is None else site.publish(f"/{name}", document)
        for _ in range(5):
            refused(KEY, registered(jwks_uri=uri))
        assert len(site.received(f"/{name}")) <= 2


def test_a_client_that_comes_back_is_asked_again(site, monkeypatch):
    monkeypatch.setattr(client_documents, "_key_sets", FetchCache(pause=0.0))
    client = registered(jwks_uri=site.url + "/late")
    refused(KEY, client)
    site.publish("/late", KEY.key_set())
    assert verify(KEY, client) == CLAIMS


@pytest.mark.parametrize(
    "uri",
    ["http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://10.0.0.1/jwks",
     "https://127.0.0.1:6379/", "https://[::1]/", "https://[fd00::1]/", "https://localhost/", "file:///etc/passwd",
     "http://client.example/jwks", "gopher://client.example/", "https://client.example:22/"]
)  # fmt: skip
def test_no_address_within_is_ever_asked(uri, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = False
    refused(KEY, registered(jwks_uri=uri))


def test_nothing_is_heard_on_loopback_where_that_is_not_allowed(site, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = False
    uri = site.publish("/within", KEY.key_set())
    refused(KEY, registered(jwks_uri=uri))
    refused(KEY, registered(jwks_uri=uri.replace("http:", "https:")))
    assert site.received("/within") == []


def test_a_redirect_is_not_followed(site):
    target = site.publish("/target", KEY.key_set())
    with Server(saying(b"", status="302 Found", location=target)) as elsewhere:
        refused(KEY, registered(jwks_uri=f"http://127.0.0.1:{elsewhere.port}/"))
        assert elsewhere.connections
    assert site.received("/target") == []


@pytest.mark.django_db
def test_a_jti_is_taken_once_for_each_client():
    now = clock.now()
    one, other = registered(pk=1), registered(pk=2)
    again = {"until": now + timedelta(minutes=1), "now": now}
    assert client_keys.take_once(one, "jti", **again)
    assert not client_keys.take_once(one, "jti", **again)
    assert client_keys.take_once(other, "jti", **again)
    assert client_keys.take_once(one, "another", **again)

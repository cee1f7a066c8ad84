"""RFC 7523 section 2.1: a workload shows what its issuer signed, and gets the token of the client that it is."""

import time

import pytest

from oauth.models import Client, TrustedIssuer
from tests.client_keys import ALGORITHMS, ISSUER, ClientKey, assertion_claims, by_assertion
from tests.clients import SECRET, basic, post_form
from tests.conformance.plans.client_site import ClientSite
from tests.exchanging import put, refused
from tests.relying_party import verified
from tests.workloads import CI, JWT_BEARER, KEY, MAIN, know, make_service, said_by_ci, show, trust
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(db, settings):
    settings.RATE_LIMITS = False  # each refusal is for its own reason, however many there were
    make_service()
    trust()
    know()


def granted(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.spec("RFC 7523", "2.1")
def test_the_client_acts_as_itself():
    answer = granted(show())
    claims = verified(answer["access_token"], audience=ISSUER)
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("deployer", "deployer", "deploy")
    assert answer.keys() == {"access_token", "token_type", "expires_in", "scope"}


@pytest.mark.spec("RFC 7523", "2.1")
def test_scope_and_resource_are_asked_for_as_by_client_credentials():
    put("https://api.example", "read")
    answer = granted(show(scope="read", resource="https://api.example"))
    assert verified(answer["access_token"], audience="https://api.example")["scope"] == "read"
    refused(show(scope="admin"), "invalid_scope")
    refused(show(scope="openid"), "invalid_scope")


@pytest.mark.spec("RFC 7523", "3.1")
def test_the_client_needs_no_credentials_and_those_that_come_must_be_its_own():
    make_service("other")
    key = ClientKey("ES256", "own")
    make_service("keyed", token_endpoint_auth_method="private_key_jwt", client_secret="", jwks=key.key_set())
    know("repo:org/keyed:*", client_id="keyed")
    granted(show(client_id="deployer"))
    form = {"grant_type": JWT_BEARER, "assertion": KEY.sign(said_by_ci())}
    granted(post_form("/oauth/token", form, authorization=basic("deployer", SECRET)))
    granted(show(said_by_ci(sub="repo:org/keyed:x"), **by_assertion(key.sign(assertion_claims("keyed")))))
    refused(show(client_id="other"), "invalid_grant")
    form = {"grant_type": JWT_BEARER, "assertion": KEY.sign(said_by_ci())}
    refused(post_form("/oauth/token", form, authorization=basic("other", SECRET)), "invalid_grant")
    refused(post_form("/oauth/token", form, authorization=basic("deployer", "wrong")), "invalid_client", 401)


@pytest.mark.spec("RFC 7523", "2.1")
def test_the_assertion_is_demanded():
    told = refused(post_form("/oauth/token", {"grant_type": JWT_BEARER}))
    assert told["error_description"] == "The parameter assertion is missing."


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_algorithm_by_a_key_of_its_type(algorithm):
    key = ClientKey(algorithm, "issuer")
    trust("https://other.example", key=key)
    know("x:y", issuer="https://other.example")
    granted(show(said_by_ci(iss="https://other.example", sub="x:y"), key=key))
    trust("https://other.example", key=key, algorithms=tuple(set(ALGORITHMS) - {algorithm}))
    refused(show(said_by_ci(iss="https://other.example", sub="x:y"), key=key), "invalid_grant")


@pytest.mark.spec("RFC 7523", "3")
def test_it_is_for_the_issuer_or_the_token_endpoint():
    for audience in (ISSUER, f"{ISSUER}/oauth/token", [ISSUER]):
        granted(show(said_by_ci(aud=audience)))


@pytest.mark.spec("RFC 7523", "3")
def test_another_audience_may_be_agreed_upon():
    trust(audience="sts.example")
    granted(show(said_by_ci(aud="sts.example")))
    refused(show(said_by_ci(aud=ISSUER)), "invalid_grant")


def wrong(now):
    """Return claims that no assertion may have at a time, by what is wrong with them."""
    return {
        "no issuer": {"iss": None},
        "an issuer that is a list": {"iss": [CI]},
        "no subject": {"sub": None},
        "a subject that is a list": {"sub": [MAIN]},
        "an empty subject": {"sub": ""},
        "no audience": {"aud": None},
        "another audience": {"aud": "https://other.example"},
        "us and somebody else": {"aud": [ISSUER, "https://other.example"]},
        "an audience that begins like us": {"aud": f"{ISSUER}.evil.example"},
        "no audience in a list": {"aud": []},
        "an audience that is a number": {"aud": [7]},
        "no end": {"exp": None},
        "over": {"exp": now - 90},
        "an end that is text": {"exp": str(now + 60)},
        "an end too far away": {"exp": now + 5000},
        "an end beyond all bounds": {"exp": 10**400},
        "a beginning to come": {"nbf": now + 300},
        "issued in the future": {"iat": now + 300},
        "issued at no time": {"iat": []},
        "no jti": {"jti": None},
        "an empty jti": {"jti": ""},
        "a jti that is a number": {"jti": 7},
    }


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.spec("RFC 7523", "3.1")
def test_whatever_is_wrong_with_an_assertion_is_the_same_invalid_grant():
    for what, changed in wrong(int(time.time())).items():
        told = refused(show(said_by_ci(**changed)), "invalid_grant")
        assert told["error_description"] == "The assertion is not valid.", what


@pytest.mark.spec("RFC 8725", "3.11")
def test_what_says_that_it_is_something_else_is_none():
    for typ in ("at+jwt", "logout+jwt", "rt+jwt", "client-authentication+jwt", "dpop+jwt"):
        refused(show(header={"typ": typ}), "invalid_grant")
    for typ in ("JWT", "jwt", None):
        granted(show(header={"typ": typ}))


def test_further_claims_must_say_what_the_workload_is_known_by():
    know(claims={"repository_id": "74", "environment": "production"}, name=f"{CI} {MAIN} deployer")
    refused(show(), "invalid_grant")
    refused(show(said_by_ci(environment="staging")), "invalid_grant")
    refused(show(said_by_ci(environment=["production"])), "invalid_grant")
    granted(show(said_by_ci(environment="production")))


def test_several_clients_of_one_workload_are_told_apart_by_the_client_id():
    make_service("reader", scopes="read", default_scopes="read")
    know("repo:org/app:*", client_id="reader")
    refused(show(), "invalid_grant")
    assert granted(show(client_id="deployer"))["scope"] == "deploy"
    assert granted(show(client_id="reader"))["scope"] == "read"
    assert granted(show(said_by_ci(sub="repo:org/app:pull_request")))["scope"] == "read"


def test_a_token_that_is_good_more_than_once_where_the_issuer_gives_such():
    trust(is_single_use=False)
    assertion = KEY.sign(said_by_ci())
    granted(show(assertion=assertion))
    granted(show(assertion=assertion))
    granted(show(said_by_ci(jti=None)))


@pytest.mark.spec("RFC 7517", "5")
def test_keys_are_fetched_from_the_issuer_and_again_where_one_is_new(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    old, new = ClientKey("RS256", "old"), ClientKey("RS256", "new")
    with ClientSite() as site:
        uri = site.publish("/openid/v1/jwks", old.key_set())
        trust(site.url, jwks_uri=uri)
        know("system:serviceaccount:shop:web", issuer=site.url)
        claims = {"iss": site.url, "sub": "system:serviceaccount:shop:web", "aud": [ISSUER]}
        granted(show(said_by_ci(**claims), key=old))
        granted(show(said_by_ci(**claims), key=old))
        assert len(site.received("/openid/v1/jwks")) == 1
        site.publish("/openid/v1/jwks", {"keys": [old.jwk(), new.jwk()]})
        granted(show(said_by_ci(**claims), key=new))
        assert len(site.received("/openid/v1/jwks")) == 2


def test_who_was_let_in_stands_in_the_trail():
    claims = said_by_ci()
    granted(show(claims))
    refused(show(said_by_ci(sub="repo:org/other:x")), "invalid_grant")
    [event] = AuditEvent.objects.filter(action="workload.admitted")
    assert (event.client_id, event.subject) == ("deployer", None)
    workload = f"{CI} {MAIN} deployer"
    assert event.details == {"issuer": CI, "subject": MAIN, "workload": workload, "jti": claims["jti"]}


@pytest.mark.spec("RFC 8414", "2")
def test_the_metadata_names_the_grant_type(client):
    assert JWT_BEARER in client.get("/.well-known/oauth-authorization-server").json()["grant_types_supported"]


@pytest.mark.spec("RFC 7523", "6")
def test_a_disabled_client_or_issuer_is_none():
    Client.objects.filter(client_id="deployer").update(is_active=False)
    refused(show(), "invalid_grant")
    Client.objects.filter(client_id="deployer").update(is_active=True)
    granted(show())
    TrustedIssuer.objects.update(is_active=False)
    refused(show(), "invalid_grant")


def test_a_client_without_the_grant_type_may_not_and_a_public_one_never():
    make_service("credentials", grant_types="client_credentials")
    make_service("spa", public=True)
    for client_id in ("credentials", "spa"):
        know("x:y", client_id=client_id)
        refused(show(said_by_ci(sub="x:y"), client_id=client_id), "unauthorized_client")

"""RFC 7523 section 3 and OpenID Connect Core section 9: clients that prove themselves by a key (private_key_jwt)."""

import time
from typing import Any

import pytest

from tests.client_keys import ALGORITHMS, ISSUER, ClientKey, assertion_claims, by_assertion
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.conformance.plans.client_site import ClientSite
from tests.explained import without_reference
from tests.relying_party import verified

pytestmark = pytest.mark.django_db
KEY = ClientKey("ES256", "clients")
ENDPOINTS = ["/oauth/token", "/oauth/introspect", "/oauth/revoke"]
FORM = {"grant_type": "client_credentials", "token": "x"}


def key_client(client_id="app", **named):
    defaults = {"jwks": KEY.key_set(), "token_endpoint_auth_method": "private_key_jwt", "client_secret": ""}
    return make_client(client_id, **(defaults | {"introspects": "own"} | named))


@pytest.fixture(autouse=True)
def registered(db, settings):
    settings.RATE_LIMITS = False  # each refusal is for its own reason, however many there were
    return key_client()


def ask(claims=None, *, endpoint="/oauth/token", key=KEY, header=None, **more):
    assertion = key.sign(assertion_claims() if claims is None else claims, **(header or {}))
    return post_form(endpoint, FORM | by_assertion(assertion) | more)


def refused(answer):
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), answer.content
    assert answer["WWW-Authenticate"].startswith("Basic ")
    return without_reference(answer)


@pytest.mark.spec("RFC 7523", "2.2")
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_client_proves_itself_by_what_it_signed(registered, endpoint, algorithm):
    key = ClientKey(algorithm, "own")
    registered.jwks = key.key_set()
    registered.save()
    assert ask(key=key, endpoint=endpoint).status_code == 200
    refused(ask(endpoint=endpoint))


@pytest.mark.spec("OpenID Connect Core", "9")
def test_it_exchanges_codes_and_refreshes(person, registered):
    class Program(Application):
        def token(self, **form):
            return post_form("/oauth/token", by_assertion(KEY.sign(assertion_claims())) | form)

    application = Program(registered)
    application.sign_in()
    tokens = application.tokens()
    assert verified(tokens["id_token"], audience="app")["nonce"] == "the nonce"
    assert application.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    "audience",
    [ISSUER, f"{ISSUER}/oauth/token", [ISSUER], ["https://other.example", f"{ISSUER}/oauth/token"]],
    ids=str,
)
def test_it_is_for_the_issuer_or_the_token_endpoint_whatever_is_called(endpoint, audience):
    assert ask(assertion_claims(aud=audience), endpoint=endpoint).status_code == 200


@pytest.mark.spec("RFC 8414", "2")
def test_the_token_endpoint_is_the_one_that_the_metadata_names(client):
    said = client.get("/.well-known/openid-configuration").json()
    assert ask(assertion_claims(aud=said["token_endpoint"])).status_code == 200
    for endpoint in ("token", "introspection", "revocation"):
        assert "private_key_jwt" in said[f"{endpoint}_endpoint_auth_methods_supported"]
        assert said[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] == list(ALGORITHMS)


def wrong(now: int) -> dict[str, dict[str, Any]]:
    """Return claims that no assertion may have at a time, by what is wrong with them."""
    return {
        "no issuer": {"iss": None},
        "another issuer": {"iss": "another"},
        "no subject": {"sub": None},
        "another subject": {"sub": "another"},
        "a subject that is a list": {"sub": ["app"]},
        "no audience": {"aud": None},
        "another audience": {"aud": "https://other.example"},
        "an audience that begins like us": {"aud": f"{ISSUER}.evil.example"},
        "a slash too many": {"aud": f"{ISSUER}/"},
        "another endpoint": {"aud": f"{ISSUER}/oauth/authorize"},
        "no audience in a list": {"aud": []},
        "an audience that is a number": {"aud": [ISSUER, 7]},
        "no end": {"exp": None},
        "over": {"exp": now - 90},
        "an end that is text": {"exp": str(now + 60)},
        "an end that is true": {"exp": True},
        "an end too far away": {"exp": now + 5000},
        "an end beyond all bounds": {"exp": 10**400},
        "a beginning to come": {"nbf": now + 300},
        "a beginning that is text": {"nbf": "now"},
        "issued in the future": {"iat": now + 300},
        "issued at no time": {"iat": []},
        "no jti": {"jti": None},
        "an empty jti": {"jti": ""},
        "a jti that is a number": {"jti": 7},
    }


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize("what", wrong(0))
def test_refuses_an_assertion_that_has(what):
    claims = wrong(int(time.time()))[what]
    assert refused(ask(assertion_claims(**claims))) == refused(post_form("/oauth/token", FORM))


@pytest.mark.spec("RFC 7523", "3")
def test_clocks_may_differ_a_little_and_not_every_time_is_needed():
    now = int(time.time())
    assert ask(assertion_claims(exp=now - 30)).status_code == 200
    assert ask(assertion_claims(nbf=now + 30, iat=now + 30)).status_code == 200
    assert ask(assertion_claims(iat=None, exp=now + 3600)).status_code == 200


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_an_assertion_is_good_once_wherever_it_was_used(endpoint):
    claims = assertion_claims()
    assert ask(claims).status_code == 200
    refused(ask(claims, endpoint=endpoint))
    refused(ask(claims | {"exp": claims["exp"] + 1}, endpoint=endpoint))
    assert ask(endpoint=endpoint).status_code == 200


@pytest.mark.spec("RFC 7523", "3")
def test_a_jti_is_spent_though_the_request_then_fails():
    claims = assertion_claims()
    assert ask(claims, grant_type="authorization_code", code="x", redirect_uri="x").json()["error"] == "invalid_grant"
    refused(ask(claims))


@pytest.mark.spec("RFC 7523", "3")
def test_a_jti_is_of_its_client_alone():
    key_client("other")
    assert ask(assertion_claims(jti="the same")).status_code == 200
    assert ask(assertion_claims("other", jti="the same")).status_code == 200


@pytest.mark.spec("RFC 7521", "4.2")
@pytest.mark.parametrize(
    ("client_id", "status"), [("app", 200), ("", 200), ("other", 401), ("nobody", 401), ("APP", 401)]
)
def test_a_client_id_beside_it_is_the_same(client_id, status):
    key_client("other")
    assert ask(client_id=client_id).status_code == status


@pytest.mark.spec("RFC 7521", "4.2")
@pytest.mark.parametrize("changed", [
    {"client_assertion_type": ""}, {"client_assertion": ""}, {"client_assertion": "x"},
    {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
])  # fmt: skip
def test_half_an_assertion_or_one_of_another_type_is_none(changed):
    refused(ask(**changed))


@pytest.mark.spec("RFC 6749", "2.3")
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_two_methods_at_once_are_refused_though_both_may_be_right(endpoint):
    form = FORM | by_assertion(KEY.sign(assertion_claims()))
    for answer in (
        post_form(endpoint, form, authorization=basic("app", SECRET)),
        post_form(endpoint, form | {"client_secret": SECRET}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.spec("RFC 7591", "2")
def test_the_registered_algorithm_is_the_only_one(registered):
    rsa = ClientKey("RS256", "own")
    registered.jwks = {"keys": [rsa.jwk(alg=None), KEY.jwk()]}
    registered.token_endpoint_auth_signing_alg = "PS256"
    registered.save()
    refused(ask())
    refused(ask(key=rsa))
    ps256 = ClientKey("PS256", "own")
    assert ask(key=ps256).status_code == 200


@pytest.mark.spec("RFC 7591", "2")
def test_each_client_by_its_own_method_alone(registered):
    make_client("by-secret", jwks=KEY.key_set())
    make_client("public", public=True, jwks=KEY.key_set())
    for client_id in ("by-secret", "public"):
        refused(ask(assertion_claims(client_id)))
    for form in (
        {"client_id": "app"},
        {"client_id": "app", "client_secret": SECRET},
        {"client_id": "app", "client_secret": ""},
    ):
        refused(post_form("/oauth/token", FORM | form))
    refused(post_form("/oauth/token", FORM, authorization=basic("app", SECRET)))
    refused(post_form("/oauth/token", FORM, authorization=basic("app", "")))


@pytest.mark.spec("OpenID Connect Core", "10.1.1")
def test_a_client_changes_its_published_keys(registered, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    fresh = ClientKey("ES256", "fresh")
    with ClientSite() as site:
        registered.jwks, registered.jwks_uri = None, site.publish("/rfc7523", KEY.key_set())
        registered.save()
        assert ask().status_code == 200
        site.publish("/rfc7523", fresh.key_set())
        assert ask(key=fresh).status_code == 200
        refused(ask())


def test_a_disabled_client_proves_nothing(registered):
    registered.is_active = False
    registered.save()
    refused(ask())

"""Assertions that somebody else made, changed, or sent before: refused alike, and the client is none the wiser."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode
from collections import Counter
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from cryptography.hazmat.primitives import serialization

from tests.at_once import at_once
from tests.client_keys import ClientKey, assertion_claims, b64, by_assertion, unsigned
from tests.clients import SECRET, Application, make_client, post_form
from tests.conformance.plans.client_site import ClientSite
from tests.explained import without_reference
from tests.live_site import live_site
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db
KEY, EVIL = ClientKey("RS256", "one"), ClientKey("RS256", "evil")
FORM = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def clients(db, settings):
    settings.RATE_LIMITS = False  # each refusal is for its own reason, however many there were
    make_client(jwks=KEY.key_set(), token_endpoint_auth_method="private_key_jwt", client_secret="")
    make_client("evil", jwks=EVIL.key_set(), token_endpoint_auth_method="private_key_jwt", client_secret="")


def ask(assertion, **more):
    return post_form("/oauth/token", FORM | by_assertion(assertion) | more)


def refused(assertion, **more):
    answer = ask(assertion, **more)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), answer.content
    return without_reference(answer), dict(answer.headers) | {"X-Request-ID": ""}


def test_the_assertion_that_the_attacks_change_is_good():
    assert ask(KEY.sign(assertion_claims())).status_code == 200


@pytest.mark.spec("RFC 8725", "3.2")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_nobody_is_proved_by_no_signature(alg):
    refused(unsigned(assertion_claims(), {"alg": alg}))
    refused(unsigned(assertion_claims(), {"alg": alg, "kid": "one"}) + "AA")
    refused(unsigned(assertion_claims(), {"alg": "RS256", "kid": "one"}))


@pytest.mark.spec("RFC 8725", "2.1")
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512", "RS256", "ES256"])
def test_the_public_key_is_no_shared_secret(alg):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = KEY.private.public_key()
    for secret in (
        public.public_bytes(serialization.Encoding.PEM, form),
        public.public_bytes(serialization.Encoding.DER, form),
        json.dumps(KEY.jwk()).encode(),
        b"",
    ):
        signed = unsigned(assertion_claims(), {"alg": alg, "kid": "one"})[:-1]
        refused(f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}")


def test_another_clients_key_signs_for_itself_alone():
    assert ask(EVIL.sign(assertion_claims("evil"))).status_code == 200
    for kid in ("evil", "one", None):
        refused(EVIL.sign(assertion_claims("app"), kid=kid))
    refused(EVIL.sign(assertion_claims("app"), jwk=EVIL.jwk(), jku="https://evil.example/"))
    refused(EVIL.sign(assertion_claims("evil")), client_id="app")
    refused(EVIL.sign(assertion_claims("evil", iss="app")))
    refused(EVIL.sign(assertion_claims("app", iss="evil")))


def test_an_id_token_is_no_assertion(person):
    application = Application(make_client("with-people", redirect_uris="https://people.example/"))
    application.sign_in()
    refused(application.tokens()["id_token"])


@pytest.mark.spec("RFC 8725", "3.11")
@pytest.mark.parametrize("typ", ["oauth-authz-req+jwt", "at+jwt", "logout+jwt", "dpop+jwt", "rt+jwt", "secevent+jwt"])
def test_nothing_else_that_a_client_signs_is_its_assertion(typ):
    refused(KEY.sign(assertion_claims(), typ=typ))


def test_a_request_object_is_no_assertion():
    refused(KEY.sign(assertion_claims(sub=None) | {"response_type": "code", "client_id": "app"}))


@pytest.mark.parametrize(
    "assertion",
    [
        "x" * 4097,
        "e30." * 1300,
        f"{b64(b'{' * 2000)}.{b64(b'{}')}.AA",
        f"{b64(b'[' * 2500)}.e30.AA",
        KEY.sign(b'{"a":' * 400 + b"1" + b"}" * 400),
        KEY.sign(b'{"sub":"app","sub":"evil"}'),
        KEY.sign(b'{"sub":"app\\u0000"}'),
        KEY.sign(b'{"sub":"\\ud800"}'),
        KEY.sign(b'{"sub":"app","exp":NaN}'),
        KEY.sign(b'{"sub":"app","exp":1e999}'),
        KEY.sign(b"[]"),
        KEY.sign(b""),
        "..",
        "é.é.é",
    ],
    ids=lambda assertion: f"{len(assertion)} characters",
)
def test_what_is_huge_or_deep_or_no_assertion_is_refused_and_is_no_error_of_ours(assertion):
    assert ask(assertion).status_code in {400, 401}


def test_whether_a_client_exists_is_not_told():
    make_client("by-secret")
    make_client("public", public=True)
    unknown = refused(EVIL.sign(assertion_claims("nobody")))
    for client_id in ("app", "by-secret", "public"):
        assert refused(EVIL.sign(assertion_claims(client_id))) == unknown
        assert refused(KEY.sign(assertion_claims(client_id, exp=1))) == unknown
    assert refused("x") == unknown


def test_what_is_not_proved_spends_and_keeps_nothing():
    claims = assertion_claims()
    refused(EVIL.sign(claims))
    refused(KEY.sign(claims | {"aud": "https://other.example"}))
    refused(KEY.sign(claims), client_id="evil")
    assert not GuessCounter.objects.exists()
    assert ask(KEY.sign(claims)).status_code == 200


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.django_db(transaction=True)
def test_of_eight_who_send_an_assertion_at_once_one_is_the_client():
    """CVE-2020-5300: a jti that is looked up first and kept later is good for all who come in between."""
    assertion = KEY.sign(assertion_claims())
    assert Counter(answer.status_code for answer in at_once(8, lambda: ask(assertion))) == {200: 1, 401: 7}


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.django_db(transaction=True)
def test_an_assertion_that_one_process_took_is_known_to_another():
    with live_site(own_issuer=True) as site:
        assertion = KEY.sign(assertion_claims(aud=site.url))
        first = _status(site, assertion)
    assert first == 200
    refused(KEY.sign(assertion_claims(jti=json.loads(_payload(assertion))["jti"])))


def _status(site, assertion):
    kind = {"content-type": "application/x-www-form-urlencoded"}
    sent = Request(f"{site.url}/oauth/token", urlencode(FORM | by_assertion(assertion)).encode(), kind)
    with urlopen(sent, timeout=30) as answer:
        return answer.status


def _payload(token):
    return urlsafe_b64decode(token.split(".")[1] + "==")


def test_garbage_does_not_have_us_hammer_the_client(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as site:
        uri = site.publish("/hammered", KEY.key_set())
        published = {"jwks_uri": uri, "token_endpoint_auth_method": "private_key_jwt", "client_secret": ""}
        make_client("published", **published)
        for number in range(10):
            refused(EVIL.sign(assertion_claims("published"), kid=f"made up {number}"))
        assert ask(KEY.sign(assertion_claims("published"))).status_code == 200
        assert len(site.received("/hammered")) <= 2


@pytest.mark.parametrize("uri", ["http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://[::1]/jwks",
                                 "https://localhost/jwks", "file:///etc/passwd"])  # fmt: skip
def test_a_key_set_is_never_looked_for_within(uri):
    """However it came into the table."""
    make_client("within", jwks_uri=uri, token_endpoint_auth_method="private_key_jwt", client_secret="")
    refused(KEY.sign(assertion_claims("within")))


def test_a_secret_is_no_key():
    answer = post_form("/oauth/token", FORM | {"client_id": "app", "client_secret": SECRET})
    assert answer.json()["error"] == "invalid_client"

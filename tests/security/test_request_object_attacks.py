"""Request objects of others, changed ones, and ones that change on the way: nobody gets what was not shown."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from oauth.models import AuthorizationCode, Consent
from tests.client_keys import ClientKey, assertion_claims, b64, unsigned
from tests.clients import Application, answer_of
from tests.conformance.plans.client_site import ClientSite
from tests.people import PASSWORD
from tests.request_objects import KEY, OWN, claims_of, error_of, object_of, query_of, send, signing_client
from trust.lib import clock

pytestmark = pytest.mark.django_db
EVIL = ClientKey("ES256", "evil")


@pytest.fixture
def application(person):
    made = Application(signing_client())
    made.sign_in()
    return made


@pytest.fixture
def site(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with ClientSite() as running:
        yield running


@pytest.fixture
def by_reference(person, site):
    made = Application(signing_client("by-reference", request_uris=f"{site.url}/object"))
    made.sign_in()
    return made


def refused(application, value):
    assert error_of(application, request=value) == "invalid_request_object"
    assert not AuthorizationCode.objects.exists()


def test_another_client_signs_for_itself_alone(application):
    other = Application(signing_client("evil", jwks=EVIL.key_set(), redirect_uris="https://evil.example/callback"))
    refused(application, object_of(application, key=EVIL))
    refused(application, EVIL.sign(claims_of(application), kid=KEY.kid))
    refused(application, EVIL.sign(claims_of(application), jwk=EVIL.jwk(), jku="https://evil.example/jwks"))
    refused(application, object_of(other, key=EVIL))
    refused(application, KEY.sign(claims_of(other)))


@pytest.mark.spec("RFC 9101", "10.8")
def test_an_assertion_is_no_request_object(application):
    refused(application, KEY.sign(assertion_claims()))
    refused(application, KEY.sign(claims_of(application) | {"sub": "app"}))


@pytest.mark.spec("RFC 9101", "10.8")
def test_an_id_token_is_no_request_object(application):
    tokens = application.tokens()
    assert error_of(application, request=tokens["id_token"]) == "invalid_request_object"
    assert error_of(application, request=tokens["access_token"]) == "invalid_request_object"


@pytest.mark.spec("RFC 8725", "3.1")
@pytest.mark.parametrize("alg", ["HS256", "RS256", "PS256", "EdDSA", "ES384", "None", "NONE", ""])
def test_the_header_does_not_choose_how_it_is_verified(application, alg):
    for secret in (json.dumps(KEY.jwk()).encode(), b""):
        signed = unsigned(claims_of(application), {"alg": alg, "kid": KEY.kid})[:-1]
        refused(application, f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}")
        refused(application, f"{signed}.")


def test_a_client_that_signs_nothing_takes_no_signature_of_strangers(person):
    bare = Application(signing_client("bare", jwks=None))
    unsigning = Application(signing_client("unsigning", request_object_signing_alg="none"))
    for one in (bare, unsigning):
        one.sign_in()
        refused(one, object_of(one, key=EVIL))
        refused(one, object_of(one))
    refused(unsigning, unsigned(claims_of(unsigning)) + "AA")


def test_an_object_never_leads_to_an_address_that_is_not_registered(application):
    for uri in ("https://evil.example/", "https://app.example/callback/", "javascript:alert(1)", "//evil.example"):
        inside = {"request": object_of(application, redirect_uri=uri)}
        for outside in ({}, {"redirect_uri": application.redirect_uri}):
            answer = send(application, **inside, **outside)
            assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_an_error_never_leads_to_an_address_that_is_not_registered(application):
    answer = send(application, request="x", redirect_uri="https://evil.example/")
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.parametrize("key", [KEY, None])
def test_what_is_huge_or_deep_is_refused_and_is_no_error_of_ours(person, key):
    made = Application(signing_client(request_object_signing_alg="" if key else "none"))
    made.sign_in()
    sign = key.sign if key else unsigned
    for payload in (b'{"claims":' * 1000 + b"1" + b"}" * 1000, b"[" * 9000, b'{"a":"' + b"x" * 9000, b"", b"null",
                    b'{"state":"\\ud800"}', b'{"state":"\\u0000"}', b'{"nonce":"a","nonce":"b"}',
                    b'{"max_age":1' + b"0" * 5000 + b"}"):  # fmt: skip
        refused(made, sign(payload))
    for changed in ({"claims": "[" * 4000}, {"max_age": 10**4000}):
        assert error_of(made, request=sign(claims_of(made, **changed))) == "invalid_request"
    for value in ("x" * 16_384, "." * 9000, "e30." * 2000):
        refused(made, value)
    assert error_of(made, request="x" * 16_385) == "invalid_request"


def test_what_stands_outside_twice_is_refused(application):
    once = query_of(application, request=object_of(application))
    for twice in (
        "state=a&state=b",
        "nonce=n&nonce=n",
        f"request={object_of(application)}",
        "redirect_uri=a&redirect_uri=b",
    ):
        answer = answer_of(application.browser.get(f"{OWN}{once}&{twice}"))
        assert answer["error"] == "invalid_request"


@pytest.mark.parametrize("uri", ["http://169.254.169.254/latest/meta-data/", "https://169.254.169.254/", "https://10.0.0.1/",
                                 "https://[::1]/", "https://localhost/", "file:///etc/passwd", "https://0/"])  # fmt: skip
def test_an_address_within_is_never_asked_even_if_it_is_registered(person, uri):
    made = Application(signing_client(request_uris=uri))
    made.sign_in()
    assert error_of(made, request_uri=uri) == "invalid_request_uri"


def test_what_stands_at_an_address_cannot_change_behind_the_page(by_reference, site):
    """The person sees a page for little; the client then puts another object there, and the person allows."""
    site.publish("/object", object_of(by_reference), cache_control="no-store")
    page = send(by_reference, request_uri=f"{site.url}/object")
    assert page.status_code == 200
    site.publish("/object", object_of(by_reference, scope="openid email phone roles"), cache_control="no-store")
    allowed = by_reference.browser.post(page.wsgi_request.get_full_path(), {"decision": "allow"})
    exchanged = by_reference.exchange(answer_of(allowed)["code"]).json()
    assert exchanged["scope"] == Consent.objects.get().scope == "openid profile"


def test_a_decision_counts_on_no_page_but_the_one_that_was_shown(by_reference, site):
    site.publish("/object", object_of(by_reference, scope="openid email"), cache_control="no-store")
    send(by_reference, request_uri=f"{site.url}/object")
    elsewhere = OWN + query_of(by_reference, request_uri=f"{site.url}/object")
    answer = by_reference.browser.post(elsewhere, {"decision": "allow"})
    assert answer["Location"].startswith(f"{OWN}client_id=by-reference")
    assert not Consent.objects.exists()
    assert not AuthorizationCode.objects.exists()


def test_who_signs_in_slowly_is_not_late_and_who_comes_later_is(person, monkeypatch):
    program, later = Application(signing_client()), clock.now() + timedelta(minutes=10)
    value = object_of(program)
    page = program.browser.get(OWN + query_of(program, request=value))
    assert page["Location"].startswith("/accounts/login/")
    monkeypatch.setattr(clock, "now", lambda: later)
    back = program.browser.post(page["Location"], {"login": "alice", "password": PASSWORD})["Location"]
    shown = program.browser.get(back)
    assert shown.status_code == 200
    assert "code" in answer_of(program.browser.post(back, {"decision": "allow"}))
    assert error_of(program, request=value) == "invalid_request_object"


def test_an_object_that_is_allowed_stays_what_was_asked(application):
    """What it asks of its person cannot be taken out of the address."""
    value = object_of(application, prompt="login")
    asked = application.browser.get(OWN + query_of(application, request=value))
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert application.authorize()["Location"].startswith("/accounts/reauthenticate/")

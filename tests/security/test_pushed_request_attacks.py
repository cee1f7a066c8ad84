"""Pushed requests stolen, swapped, guessed and replayed, signed ones downgraded, and one JWT shown for another."""

import time

import jwt
import pytest

from oauth.models import AuthorizationCode, StoredRequest
from tests.at_once import at_once
from tests.client_keys import ISSUER, ClientKey, assertion_claims, by_assertion, unsigned
from tests.clients import Application, answer_of, make_client, post_form
from tests.explained import last_explained
from tests.fapi2 import AUTHORIZE, KEY, PAR, TOKEN, FapiApplication, make_fapi_client, proof
from tests.people import PASSWORD
from trust.explain.vocabulary import Found
from trust.lib.digests import digest_of

pytestmark = pytest.mark.django_db
REFERENCE = "urn:ietf:params:oauth:request_uri:"
THIEF_KEY = ClientKey("ES256", "thief")


@pytest.fixture
def bank(person):
    application = FapiApplication(make_fapi_client())
    application.sign_in()
    return application


@pytest.fixture
def thief(db):
    """A registered client of somebody else, which holds whatever it could steal."""
    client = make_fapi_client("thief", key=THIEF_KEY, redirect_uris="https://thief.example/callback")
    return FapiApplication(client, key=THIEF_KEY)


def is_page(answer):
    return answer.status_code == 400 and "Location" not in answer


def claims_of(bank, **changed):
    now = int(time.time())
    said = {"iss": "bank", "aud": ISSUER, "iat": now, "nbf": now, "exp": now + 60} | bank.parameters()
    return {name: value for name, value in (said | changed).items() if value is not None}


def refused_object(bank, value):
    answer = post_form(PAR, bank.assertion() | {"client_id": "bank", "request": value})
    assert not StoredRequest.objects.exists()
    return (answer.status_code, answer.json()["error"])


def test_the_request_uri_of_another_client_is_refused_and_not_used_up(bank, thief):
    request_uri = bank.pushed()
    thief.browser = bank.browser
    assert is_page(thief.bring(request_uri))
    assert last_explained().finding == Found.CLIENT_DIFFERS
    assert is_page(thief.browser.post(thief.address(request_uri), {"decision": "allow"}))
    assert "code" in answer_of(bank.allow(request_uri))


def test_a_swapped_request_uri_leads_to_a_code_that_the_victims_client_cannot_use(bank):
    """An attacker sends a victim's browser with a request of their own at the same client."""
    attacker = FapiApplication(bank.client)
    swapped = attacker.pushed(state="the attacker's", nonce="the attacker's")
    answer = answer_of(bank.allow(swapped))
    assert answer["state"] == "the attacker's"  # which the victim's client does not know
    assert bank.exchange(answer["code"]).json()["error"] == "invalid_grant"  # nor has it that verifier


@pytest.mark.parametrize("guess", ["", "x", "A" * 43, "../" * 10, "%00", "ü" * 43, "x" * 3000, "' OR 1=1 --"])
def test_a_guessed_request_uri_is_a_page(bank, guess):
    bank.pushed()
    assert is_page(bank.bring(f"{REFERENCE}{guess}"))


def test_what_is_kept_of_a_request_does_not_open_it(bank):
    """Whoever reads the table has digests, and no proof of the client."""
    request_uri = bank.pushed()
    row = StoredRequest.objects.get()
    value = request_uri.removeprefix(REFERENCE)
    assert row.digest == digest_of(value)
    assert value not in row.parameters
    assert "client_assertion" not in row.parameters
    assert is_page(bank.bring(f"{REFERENCE}{row.digest}"))


def test_no_secret_of_a_client_is_kept_with_its_request(db):
    application = Application(make_client())
    form = application.parameters() | {"client_id": "app", "client_secret": application.secret}
    assert post_form(PAR, form).status_code == 201
    assert "client_secret" not in StoredRequest.objects.get().parameters


def test_after_completion_a_reload_gives_nobody_another_code(bank):
    request_uri = bank.pushed()
    assert "code" in answer_of(bank.allow(request_uri))
    other = FapiApplication(bank.client)
    other.sign_in()
    for browser in (bank, other):
        assert is_page(browser.bring(request_uri))
        assert is_page(browser.browser.post(browser.address(request_uri), {"decision": "allow"}))
    assert AuthorizationCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_completions_at_once_give_one_code(person):
    bank = FapiApplication(make_fapi_client())
    waiting = [FapiApplication(bank.client) for _ in range(4)]
    for one in waiting:
        one.sign_in()
    request_uri = bank.pushed()
    for one in waiting:
        assert one.bring(request_uri).status_code == 200
    answers = at_once(4, lambda: waiting.pop().browser.post(bank.address(request_uri), {"decision": "allow"}))
    assert sorted(answer.status_code for answer in answers) == [303, 400, 400, 400]
    assert AuthorizationCode.objects.count() == 1
    assert not StoredRequest.objects.exists()


@pytest.mark.parametrize(
    "injected",
    [
        {"redirect_uri": "https://thief.example/callback"},
        {"scope": "openid email phone address"},
        {"state": "injected"},
        {"nonce": "injected"},
        {"prompt": "none"},
        {"response_mode": "form_post"},
        {"code_challenge": "x" * 43, "code_challenge_method": "S256"},
        {"dpop_jkt": "x" * 43},
        {"claims": '{"id_token": {"email": {"essential": true}}}'},
        {"login_hint": "mallory"},
    ],
    ids=lambda injected: next(iter(injected)),
)
def test_what_a_stranger_adds_to_the_address_changes_nothing(bank, injected):
    request_uri = bank.pushed(scope="openid")
    page = bank.bring(request_uri, **injected)
    assert page.status_code == 200
    answer = answer_of(bank.browser.post(bank.address(request_uri, **injected), {"decision": "allow"}))
    assert answer["state"] == "the state"
    said = bank.claims_of_id_token(bank.exchange(answer["code"]).json())
    assert said["nonce"] == "the nonce"
    assert "email" not in said


@pytest.mark.parametrize("added", ["request", "request_uri", "client_id"])
def test_a_second_request_beside_the_reference_is_refused(bank, added):
    request_uri = bank.pushed()
    second = {
        "request": bank.key.sign(claims_of(bank, scope="openid email")),
        "request_uri": bank.pushed(scope="openid email"),
        "client_id": "thief",
    }[added]
    assert is_page(bank.browser.get(f"{bank.address(request_uri)}&{added}={second}"))


@pytest.mark.parametrize("with_reference", [True, False])
def test_a_client_of_the_profile_is_not_talked_out_of_pushing(bank, with_reference):
    """A PAR downgrade: by the query, by an object in it, or by a form that is kept as a pushed request is."""
    if with_reference:
        long = bank.parameters() | {f"x_{number}": "x" * 4000 for number in range(5)}
        form = "&".join(f"{name}={value}" for name, value in long.items())
        kept = bank.browser.post(AUTHORIZE, form, content_type="application/x-www-form-urlencoded")
        assert "request_uri" in kept["Location"]
        answer = bank.browser.get(kept["Location"])
    else:
        signed = bank.key.sign(claims_of(bank), typ="oauth-authz-req+jwt")
        answer = bank.browser.get(f"{AUTHORIZE}?client_id=bank&response_type=code&scope=openid&request={signed}")
    assert answer_of(answer)["error"] == "invalid_request"
    assert last_explained().finding == Found.NOT_PUSHED
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_object_without_a_signature_is_refused(bank, algorithm):
    assert refused_object(bank, unsigned(claims_of(bank), {"alg": algorithm}))[0] == 400


def test_an_unsigned_object_is_refused_even_of_a_client_registered_for_such(person):
    bank = FapiApplication(make_fapi_client(request_object_signing_alg="none"))
    assert refused_object(bank, unsigned(claims_of(bank))) == (400, "request_not_supported")


def test_rs256_and_hs256_are_refused(person):
    key = ClientKey("RS256", "own")
    public = {"keys": [KEY.jwk(), key.jwk(alg=None)]}
    bank = FapiApplication(make_fapi_client(jwks=public))
    assert refused_object(bank, key.sign(claims_of(bank))) == (400, "invalid_request_object")
    for secret in ("the public key as a secret", str(key.jwk()), "bank"):
        by_secret = jwt.encode(claims_of(bank), secret.ljust(32, "x"), algorithm="HS256")
        assert refused_object(bank, by_secret) == (400, "invalid_request_object")


def test_an_object_signed_by_another_client_is_refused(bank, thief):
    assert refused_object(bank, thief.key.sign(claims_of(bank))) == (400, "invalid_request_object")


def test_a_key_within_the_object_is_not_looked_at(bank, thief):
    embedded = thief.key.sign(claims_of(bank), jwk=thief.key.jwk(), jku="https://thief.example/keys", kid="fapi")
    assert refused_object(bank, embedded) == (400, "invalid_request_object")


def test_an_assertion_is_no_request_object(bank):
    said = assertion_claims("bank") | bank.parameters() | {"nbf": int(time.time())}
    assert refused_object(bank, bank.key.sign(said)) == (400, "invalid_request_object")
    typed = bank.key.sign(claims_of(bank), typ="client-authentication+jwt")
    assert refused_object(bank, typed) == (400, "invalid_request_object")


def test_a_proof_of_a_key_is_neither(bank):
    dpop = bank.key.sign(claims_of(bank) | {"htm": "POST", "htu": f"{ISSUER}{PAR}", "jti": "1"}, typ="dpop+jwt")
    assert refused_object(bank, dpop) == (400, "invalid_request_object")
    dpop = bank.key.sign(assertion_claims("bank", htm="POST", htu=f"{ISSUER}{PAR}"), typ="dpop+jwt")
    assert bank.push(form=by_assertion(dpop)).status_code == 401


def test_a_request_object_is_no_assertion(bank):
    signed = bank.key.sign(claims_of(bank, jti="1"))
    assert bank.push(form=by_assertion(signed)).status_code == 401
    typed = bank.key.sign(assertion_claims("bank"), typ="oauth-authz-req+jwt")
    assert bank.push(form=by_assertion(typed)).status_code == 401


def test_neither_is_a_proof_of_a_key(bank):
    code = bank.code()
    for value in (bank.key.sign(claims_of(bank)), bank.assertion()["client_assertion"]):
        assert bank.exchange(code, dpop=value).json()["error"] == "invalid_dpop_proof"
    assert bank.exchange(code).status_code == 200


def test_a_signed_answer_passes_for_nothing_else(bank):
    signed = answer_of(bank.allow(bank.pushed(response_mode="jwt")))["response"]
    assert refused_object(bank, signed) == (400, "invalid_request_object")
    assert bank.push(form=by_assertion(signed)).status_code == 401
    out = bank.browser.get(f"/oauth/end-session?id_token_hint={signed}&post_logout_redirect_uri=https://bank.example/")
    assert "bank.example" not in out.get("Location", "")
    assert bank.token(grant_type="refresh_token", refresh_token=signed).json()["error"] == "invalid_grant"


def test_a_signed_answer_of_one_client_is_not_for_another(bank, thief):
    signed = answer_of(bank.allow(bank.pushed(response_mode="jwt")))["response"]
    assert jwt.decode(signed, options={"verify_signature": False})["aud"] == "bank"


def test_an_assertion_sent_to_one_endpoint_is_not_replayed_at_another(bank):
    form = bank.assertion()
    assert bank.push(form=form).status_code == 201
    answer = post_form(TOKEN, form | {"grant_type": "client_credentials"}, dpop=proof("POST", TOKEN))
    assert answer.status_code == 401


def test_a_secret_in_the_address_authenticates_nobody(db):
    application = Application(make_client())
    form = application.parameters()
    answer = post_form(f"{PAR}?client_id=app&client_secret={application.secret}", form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_person_who_is_sent_with_a_strangers_request_sees_whose_it_is(person, bank, thief):
    thief.browser = bank.browser
    page = thief.bring(thief.pushed())
    assert "thief.example" in page.content.decode()


def test_a_request_that_outlives_its_client_is_refused(bank):
    request_uri = bank.pushed()
    type(bank.client).objects.update(is_active=False)
    assert is_page(bank.bring(request_uri))


def test_what_the_client_may_no_longer_do_is_refused_when_it_is_brought(bank):
    request_uri = bank.pushed()
    type(bank.client).objects.update(redirect_uris="https://bank.example/new")
    assert is_page(bank.bring(request_uri))


def test_who_signs_in_on_the_way_goes_on_with_the_same_request(person):
    """A page on the way cannot be led to another request: its address names this one."""
    bank = FapiApplication(make_fapi_client())
    request_uri = bank.pushed()
    page = bank.bring(request_uri)["Location"]
    signed_in = bank.browser.post(page, {"login": "alice", "password": PASSWORD})
    assert signed_in["Location"] == bank.address(request_uri)

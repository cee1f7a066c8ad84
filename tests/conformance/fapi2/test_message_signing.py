"""FAPI 2.0 message signing: request objects that are pushed, and answers that are signed (JARM)."""

import time

import pytest

from tests.client_keys import ISSUER, ClientKey, assertion_claims, unsigned
from tests.clients import Application, answer_of, make_client, post_form
from tests.explained import last_explained
from tests.fapi2 import PAR, FapiApplication, make_fapi_client, thumbprint
from tests.relying_party import header_of, verified
from trust.explain.vocabulary import Found

pytestmark = pytest.mark.django_db
CALLBACK = "https://bank.example/callback"


def claims_of(bank, **changed):
    now = int(time.time())
    said = {"iss": "bank", "aud": ISSUER, "iat": now, "nbf": now, "exp": now + 60} | bank.parameters()
    return {name: value for name, value in (said | changed).items() if value is not None}


def push_object(bank, value=None, **changed):
    signed = bank.key.sign(claims_of(bank, **changed), typ="oauth-authz-req+jwt") if value is None else value
    return post_form(PAR, bank.assertion() | {"client_id": "bank", "request": signed})


def error(answer):
    return (answer.status_code, answer.json()["error"])


@pytest.mark.spec("FAPI 2.0 Message Signing", "5.3.1")
@pytest.mark.parametrize("audience", [ISSUER, [ISSUER, "https://other.example"]])
def test_a_signed_request_object_is_pushed_and_answered(bank, audience):
    request_uri = push_object(bank, aud=audience).json()["request_uri"]
    answer = answer_of(bank.allow(request_uri))
    assert (answer["state"], answer["iss"]) == ("the state", ISSUER)
    assert bank.exchange(answer["code"]).status_code == 200


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
def test_it_is_signed_by_the_algorithms_of_the_profile(person, algorithm):
    key = ClientKey(algorithm, "own")
    assert push_object(FapiApplication(make_fapi_client(key=key), key=key)).status_code == 201


@pytest.mark.spec("FAPI 2.0 Message Signing", "5.3.1")
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"aud": None}, Found.OBJECT_NOT_MEANT_SO),
        ({"aud": "https://other.example"}, Found.OBJECT_NOT_MEANT_SO),
        ({"aud": f"{ISSUER}/oauth/par"}, Found.OBJECT_NOT_MEANT_SO),
        ({"exp": None}, Found.TIME_MISSING),
        ({"nbf": None}, Found.TIME_MISSING),
        ({"exp": 1}, Found.CLOCK_BEHIND),
        ({"nbf": int(time.time()) - 7200}, Found.TOO_LONG_LIVED),
        ({"nbf": int(time.time()) - 7200, "exp": int(time.time()) - 3700}, Found.CLOCK_BEHIND),
        ({"exp": int(time.time()) + 7200}, Found.TOO_LONG_LIVED),
        ({"nbf": int(time.time()) + 7200, "exp": int(time.time()) + 7300}, Found.CLOCK_AHEAD),
        ({"exp": 1e300}, Found.TOO_LONG_LIVED),
        ({"nbf": -1e300}, Found.TOO_LONG_LIVED),
        ({"nbf": True}, Found.TIME_MISSING),
        ({"iss": "other"}, Found.OBJECT_NOT_MEANT_SO),
        ({"client_id": "other"}, Found.OBJECT_NOT_MEANT_SO),
        ({"sub": "bank"}, Found.OBJECT_NOT_MEANT_SO),
        ({"request_uri": "https://bank.example/x"}, Found.OBJECT_NOT_MEANT_SO),
    ],
)
def test_an_object_that_is_not_for_us_and_now_is_refused(bank, changed, found):
    assert error(push_object(bank, **changed)) == (400, "invalid_request_object")
    assert last_explained().finding == found


@pytest.mark.spec("RFC 9126", "3")
def test_what_stands_in_the_object_counts_and_nothing_beside_it(bank):
    signed = bank.key.sign(claims_of(bank, scope="openid", response_type=None))
    answer = post_form(PAR, bank.assertion() | bank.parameters() | {"request": signed})
    assert error(answer) == (400, "invalid_request")
    whole = bank.key.sign(claims_of(bank))
    beside = post_form(PAR, bank.assertion() | bank.parameters(state="beside") | {"request": whole})
    assert answer_of(bank.allow(beside.json()["request_uri"]))["state"] == "the state"


@pytest.mark.spec("RFC 9449", "10")
def test_an_object_binds_its_code_to_a_key(bank):
    request_uri = push_object(bank, dpop_jkt=thumbprint()).json()["request_uri"]
    other = FapiApplication(bank.client, proof_key=ClientKey("ES256", "other-proof"))
    other.verifier = bank.verifier
    assert error(other.exchange(answer_of(bank.allow(request_uri))["code"])) == (400, "invalid_grant")


@pytest.mark.spec("RFC 9101", "10.5")
@pytest.mark.parametrize("pushing", [True, False])
def test_a_client_that_signs_its_requests_sends_none_bare(person, pushing):
    bank = FapiApplication(make_fapi_client(require_signed_request_object=True))
    bank.sign_in()
    if pushing:
        assert error(bank.push()) == (400, "invalid_request")
        assert last_explained().finding == Found.OBJECT_MISSING
        assert "code" in answer_of(bank.allow(push_object(bank).json()["request_uri"]))
    else:
        plain = Application(make_client("app", require_signed_request_object=True, jwks=bank.key.key_set()))
        plain.sign_in()
        assert answer_of(plain.authorize())["error"] == "invalid_request"
        assert last_explained().finding == Found.OBJECT_MISSING


@pytest.mark.spec("JARM", "2.3")
@pytest.mark.parametrize("mode", ["jwt", "query.jwt"])
def test_the_answer_comes_signed_where_that_is_asked_for(bank, mode):
    answer = answer_of(bank.allow(bank.pushed(response_mode=mode)))
    assert answer.keys() == {"response"}
    said = verified(answer["response"], audience="bank")
    assert (said["state"], said["iss"]) == ("the state", ISSUER)
    assert said["exp"] - int(time.time()) <= 600
    assert header_of(answer["response"])["alg"] == "ES256"
    assert bank.exchange(said["code"]).status_code == 200


@pytest.mark.spec("JARM", "2.3.3")
def test_it_comes_by_a_form_too(bank):
    request_uri = bank.pushed(response_mode="form_post.jwt")
    page = bank.allow(request_uri)
    assert page.status_code == 200
    assert page.context["members"].keys() == {"response"}
    assert page.context["action"] == CALLBACK
    assert "form-action" in page["Content-Security-Policy"]
    assert "https://bank.example" in page["Content-Security-Policy"]
    said = verified(page.context["members"]["response"], audience="bank")
    assert bank.exchange(said["code"]).status_code == 200


@pytest.mark.spec("JARM", "2.1")
def test_an_error_comes_signed_too(bank):
    answer = answer_of(bank.allow(bank.pushed(response_mode="jwt"), "deny"))
    said = verified(answer["response"], audience="bank")
    assert (said["error"], said["state"], said["iss"]) == ("access_denied", "the state", ISSUER)


@pytest.mark.spec("JARM", "2.3.2")
@pytest.mark.parametrize("mode", ["fragment.jwt", "fragment", "JWT", "query.jwt form_post"])
def test_a_fragment_is_refused(bank, mode):
    assert error(bank.push(response_mode=mode)) == (400, "invalid_request")


@pytest.mark.spec("JARM", "3")
@pytest.mark.parametrize(
    ("registered", "alg"), [("", "RS256"), ("RS256", "RS256"), ("ES256", "ES256"), ("EdDSA", "EdDSA")]
)
def test_it_is_signed_as_the_client_is_registered(person, registered, alg):
    application = Application(make_client(authorization_signed_response_alg=registered))
    application.sign_in()
    answer = answer_of(application.decide(response_mode="jwt"))
    assert header_of(answer["response"])["alg"] == alg
    assert verified(answer["response"], audience="app")["code"]


@pytest.mark.spec("JARM", "2.4")
def test_a_signed_answer_is_no_id_token_and_opens_nothing(bank):
    signed = answer_of(bank.allow(bank.pushed(response_mode="jwt")))["response"]
    assert "sub" not in verified(signed, audience="bank")
    # As if no hint were sent: a foreign person would be refused.
    assert "code" in answer_of(bank.allow(bank.pushed(id_token_hint=signed)))
    assert bank.userinfo(signed).status_code == 401
    assert bank.browser.get("/oauth/userinfo", headers={"authorization": f"Bearer {signed}"}).status_code == 401


@pytest.mark.spec("RFC 9101", "10.8")
def test_an_assertion_is_no_request_object_and_an_object_no_assertion(bank):
    assertion = bank.key.sign(assertion_claims("bank") | bank.parameters())
    assert error(push_object(bank, assertion)) == (400, "invalid_request_object")
    signed = bank.key.sign(claims_of(bank, jti="one"), typ="oauth-authz-req+jwt")
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    form = {"client_assertion_type": kind, "client_assertion": signed}
    assert error(bank.push(form=form)) == (401, "invalid_client")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
def test_an_unsigned_object_is_refused(bank):
    assert error(push_object(bank, unsigned(claims_of(bank)))) == (400, "request_not_supported")

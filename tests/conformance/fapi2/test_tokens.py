"""FAPI 2.0 security profile: codes, tokens bound to a key, and refresh tokens that stay."""

from datetime import timedelta

import jwt
import pytest

from oauth.models import AuthorizationCode
from tests.client_keys import ISSUER, ClientKey
from tests.clients import answer_of
from tests.fapi2 import PAR, TOKEN, FapiApplication, make_fapi_client, post_form, proof, thumbprint
from tests.relying_party import header_of
from trust.lib import clock

pytestmark = pytest.mark.django_db
OTHER = ClientKey("ES256", "other-proof")


def said(token):
    return jwt.decode(token, options={"verify_signature": False})


def error(answer):
    return (answer.status_code, answer.json()["error"])


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_tokens_are_bound_to_the_key_that_was_proved(bank):
    tokens = bank.tokens()
    assert tokens["token_type"] == "DPoP"
    assert said(tokens["access_token"])["cnf"] == {"jkt": thumbprint()}
    assert bank.userinfo(tokens["access_token"]).json()["sub"] == bank.claims_of_id_token(tokens)["sub"]


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_no_token_comes_without_a_proof(bank):
    code = bank.code()
    assert error(bank.exchange(code, dpop="")) == (400, "invalid_dpop_proof")
    assert bank.exchange(code).status_code == 200


@pytest.mark.spec("RFC 9449", "7.1")
@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP"])
def test_the_scheme_is_read_in_any_case(bank, scheme):
    assert bank.userinfo(bank.tokens()["access_token"], scheme=scheme).status_code == 200


@pytest.mark.spec("RFC 9449", "7.2")
@pytest.mark.parametrize("with_proof", [True, False])
def test_a_bound_token_is_no_bearer_token(bank, with_proof):
    token = bank.tokens()["access_token"]
    answer = bank.userinfo(token, scheme="Bearer", dpop=None if with_proof else "")
    assert answer.status_code == 401


@pytest.mark.spec("RFC 9449", "7.1")
def test_another_key_does_not_open_a_resource(bank):
    token = bank.tokens()["access_token"]
    by_another = proof("GET", "/oauth/userinfo", key=OTHER, access_token=token)
    assert bank.userinfo(token, dpop=by_another).status_code == 401


@pytest.mark.spec("RFC 9449", "10.1")
@pytest.mark.parametrize("by", ["parameter", "proof", "both"])
def test_a_code_is_bound_to_the_key_that_was_named_or_proved_when_its_request_was_pushed(bank, by):
    form = bank.assertion() | bank.parameters(dpop_jkt=None if by == "proof" else thumbprint())
    answer = post_form(PAR, form, **({} if by == "parameter" else {"dpop": proof("POST", PAR)}))
    assert answer.status_code == 201
    code = answer_of(bank.allow(answer.json()["request_uri"]))["code"]
    assert error(bank.exchange(code, dpop=proof("POST", TOKEN, key=OTHER))) == (400, "invalid_grant")
    assert bank.exchange(code).status_code == 200


@pytest.mark.spec("RFC 9449", "10.1")
def test_a_push_that_names_one_key_and_proves_another_is_refused(bank):
    form = bank.assertion() | bank.parameters(dpop_jkt=thumbprint())
    assert error(post_form(PAR, form, dpop=proof("POST", PAR, key=OTHER))) == (400, "invalid_request")


@pytest.mark.spec("RFC 9449", "10")
@pytest.mark.parametrize("named", ["short", "ü" * 43, "x" * 44])
def test_a_thumbprint_that_is_none_is_refused(bank, named):
    assert error(bank.push(dpop_jkt=named)) == (400, "invalid_request")


@pytest.mark.spec("RFC 9449", "10.1")
@pytest.mark.parametrize("changed", [{"htm": "GET"}, {"htu": f"{ISSUER}{TOKEN}"}, {"iat": 1}, {"jti": None}])
def test_a_proof_that_is_not_good_is_refused_where_the_request_is_pushed(bank, changed):
    form = bank.assertion() | bank.parameters()
    assert error(post_form(PAR, form, dpop=proof("POST", PAR, **changed))) == (400, "invalid_dpop_proof")


@pytest.mark.spec("RFC 9449", "11.1")
def test_a_proof_is_good_once_where_requests_are_pushed(bank):
    header = proof("POST", PAR)
    answers = [post_form(PAR, bank.assertion() | bank.parameters(), dpop=header) for _time in range(2)]
    assert answers[0].status_code == 201
    assert error(answers[1]) == (400, "invalid_dpop_proof")


@pytest.mark.spec("RFC 9449", "8")
def test_a_nonce_that_is_not_ours_is_answered_with_one_that_is(bank):
    first = post_form(PAR, bank.assertion() | bank.parameters(), dpop=proof("POST", PAR, nonce="made up"))
    assert error(first) == (400, "use_dpop_nonce")
    again = proof("POST", PAR, nonce=first["DPoP-Nonce"])
    second = post_form(PAR, bank.assertion() | bank.parameters(), dpop=again)
    assert (second.status_code, "DPoP-Nonce" in second) == (201, True)


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_a_code_is_good_for_a_minute(bank):
    code = bank.code()
    left = AuthorizationCode.objects.get().expires - clock.now()
    assert left <= timedelta(seconds=61)
    AuthorizationCode.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert error(bank.exchange(code)) == (400, "invalid_grant")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_code_is_good_once_and_its_token_dies_with_the_second_use(bank):
    code = bank.code()
    token = bank.exchange(code).json()["access_token"]
    assert error(bank.exchange(code)) == (400, "invalid_grant")
    assert bank.userinfo(token).status_code == 401


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_code_is_good_for_its_client_alone(bank):
    thief = FapiApplication(make_fapi_client("thief"))
    thief.verifier = bank.verifier
    assert error(thief.exchange(bank.code(), redirect_uri=bank.redirect_uri)) == (400, "invalid_grant")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.2")
def test_a_code_needs_its_verifier(bank):
    code = bank.code()
    assert error(bank.exchange(code, code_verifier=None)) == (400, "invalid_grant")
    assert error(bank.exchange(code, code_verifier="x" * 43)) == (400, "invalid_grant")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_refresh_tokens_are_not_rotated(bank):
    first = bank.tokens(scope="openid offline_access", prompt="consent")
    for _time in range(3):
        answer = bank.refresh(first["refresh_token"])
        assert answer.status_code == 200
        assert answer.json().get("refresh_token", first["refresh_token"]) == first["refresh_token"]
        assert answer.json()["token_type"] == "DPoP"


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
def test_the_id_token_is_signed_by_an_algorithm_of_the_profile(bank):
    assert header_of(bank.tokens()["id_token"])["alg"] == "ES256"


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
def test_the_password_grant_is_not_there(bank):
    answer = bank.token(grant_type="password", username="alice", password="x")
    assert error(answer) == (400, "unsupported_grant_type")

"""FAPI 2.0 security profile: clients prove who they are by a key, to this server alone, once."""

import time

import pytest

from tests.client_keys import ISSUER, ClientKey, assertion_claims, by_assertion, unsigned
from tests.clients import make_client
from tests.explained import last_explained
from tests.fapi2 import KEY, FapiApplication, make_fapi_client
from trust.explain.vocabulary import Found

pytestmark = pytest.mark.django_db


def refused(answer):
    return (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA"])
def test_assertions_are_signed_by_the_algorithms_of_the_profile(person, algorithm):
    key = ClientKey(algorithm, "own")
    bank = FapiApplication(make_fapi_client(key=key), key=key)
    bank.sign_in()
    assert bank.exchange(bank.code()).status_code == 200


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
def test_rs256_is_refused(db):
    key = ClientKey("RS256", "own")
    bank = FapiApplication(make_fapi_client(jwks={"keys": [key.jwk(alg=None)]}), key=key)
    assert refused(bank.push())
    assert last_explained().finding == Found.ASSERTION_NOT_MEANT_SO


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.4.1")
def test_no_signature_is_refused(bank):
    assert refused(bank.push(form=by_assertion(unsigned(assertion_claims("bank")))))


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(
    "audience",
    [
        [ISSUER],
        [ISSUER, "https://other.example"],
        f"{ISSUER}/",
        f"{ISSUER}/oauth/token",
        f"{ISSUER}/oauth/par",
        "https://evil.example",
        None,
    ],
)
@pytest.mark.parametrize("endpoint", ["push", "token"])
def test_the_audience_is_the_issuer_as_one_text(bank, audience, endpoint):
    form = bank.assertion(aud=audience)
    if endpoint == "push":
        assert refused(bank.push(form=form))
    else:
        bank.assertion = lambda: form
        assert refused(bank.token(grant_type="client_credentials"))


@pytest.mark.spec("RFC 9126", "2")
@pytest.mark.parametrize("audience", [ISSUER, f"{ISSUER}/oauth/token", f"{ISSUER}/oauth/par", [ISSUER]])
def test_other_clients_may_name_an_endpoint(db, audience):
    other = FapiApplication(
        make_client("other", token_endpoint_auth_method="private_key_jwt", client_secret="", jwks=KEY.key_set())
    )
    assert other.push(form=other.assertion(aud=audience)).status_code == 201


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_clock_that_is_ten_seconds_ahead_is_forgiven(bank, claim):
    assert bank.push(form=bank.assertion(**{claim: int(time.time()) + 10})).status_code == 201


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_clock_that_is_more_than_a_minute_ahead_is_not(bank, claim):
    assert refused(bank.push(form=bank.assertion(**{claim: int(time.time()) + 64, "exp": int(time.time()) + 300})))
    assert last_explained().finding == Found.CLOCK_AHEAD


@pytest.mark.spec("RFC 7523", "3")
@pytest.mark.parametrize("changed", [{"exp": 1}, {"exp": None}, {"sub": None}, {"iss": None}, {"jti": None}])
def test_what_an_assertion_must_say_is_missed(bank, changed):
    assert refused(bank.push(form=bank.assertion(**changed)))


@pytest.mark.spec("RFC 7523", "3")
def test_an_assertion_is_good_once_at_all_endpoints_together(bank):
    form = bank.assertion()
    assert bank.push(form=form).status_code == 201
    assert refused(bank.push(form=form))
    bank.assertion = lambda: form
    assert refused(bank.token(grant_type="client_credentials"))


@pytest.mark.spec("RFC 9126", "2.1")
def test_the_client_id_of_another_client_beside_it_is_refused(bank):
    make_fapi_client("other")
    assert refused(bank.push(client_id="other"))
    assert last_explained().finding == Found.CLIENT_DIFFERS


@pytest.mark.spec("RFC 9126", "2.1")
def test_the_client_is_known_by_what_it_signed(bank):
    assert bank.push(client_id=None).status_code == 201


@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize("by", ["basic", "post"])
def test_no_secret_is_taken(bank, by):
    secret = {"client_id": "bank", "client_secret": "a secret of somebody, which is long enough"}
    assert refused(bank.push(form=secret))

"""Objects and assertions that nobody would think of: never a 500, and never a redirect to an unregistered address."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.client_keys import ALGORITHMS, ClientKey, assertion_claims, b64, by_assertion, unsigned
from tests.clients import Application, make_client, post_form
from tests.request_objects import KEY, OWN, claims_of, send

pytestmark = pytest.mark.django_db

# The same requests at every run, so that a red test is a new fault and never chance.
BOUNDED = hypothesis_settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
texts = st.text(max_size=20) | st.sampled_from(
    ["", "\0", "\ud7ff", "https://evil.example/", "//evil.example", "none", "a" * 5000]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
NAMES = ("redirect_uri", "state", "scope", "claims", "max_age", "prompt", "response_mode", "response_type", "nonce", "iss",
         "aud", "sub", "exp", "nbf", "iat", "client_id", "request", "code_challenge", "jti")  # fmt: skip
changes = st.dictionaries(st.sampled_from(NAMES), values, max_size=4)
headers = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "x"]),
    values | st.sampled_from(["none", "HS256", *ALGORITHMS, "JWT", "oauth-authz-req+jwt", KEY.kid]),
    max_size=3,
)
raw = st.binary(max_size=60).map(b64) | st.text(alphabet="eyJ.-_=ABCabc019", max_size=60) | values.map(
    lambda value: b64(json.dumps(value).encode())
)  # fmt: skip
OWN_PAGES = ("/accounts/login/?", "/accounts/reauthenticate/?", "/accounts/signup/?", OWN)


def check(answer):
    assert answer.status_code in {200, 303, 400, 403, 414}, answer.status_code
    if answer.status_code == 303:
        allowed = ("https://app.example/callback?", *OWN_PAGES)
        assert answer["Location"].startswith(allowed), answer["Location"]


@pytest.fixture
def parties(person, settings):
    settings.RATE_LIMITS = False
    made = [
        Application(make_client(client_id, jwks=KEY.key_set(), request_object_signing_alg=algorithm))
        for client_id, algorithm in (("signing", ""), ("unsigning", "none"))
    ]
    made[0].sign_in()
    return made


@BOUNDED
@given(changed=changes, header=headers, signs=st.booleans(), outside=st.booleans())
def test_an_object_of_any_shape_is_answered(parties, changed, header, signs, outside):
    made = parties[0] if signs else parties[1]
    claims = json.dumps(claims_of(made) | changed).encode()
    value = KEY.sign(claims, **header) if signs else unsigned(claims, {"alg": "none"} | header)
    check(send(made, request=value, **({"redirect_uri": "https://evil.example/"} if outside else {})))


@BOUNDED
@given(parts=st.lists(raw, max_size=5), name=st.sampled_from(["request", "request_uri"]))
def test_what_is_no_object_is_answered(parties, parts, name):
    for made in parties:
        check(send(made, **{name: ".".join(parts)}))


@BOUNDED
@given(changed=changes, header=headers, signs=st.booleans())
def test_an_assertion_of_any_shape_is_the_client_or_nobody(parties, changed, header, signs):
    key, other = ClientKey("RS256"), ClientKey("RS256", "other")
    named = {"jwks": key.key_set(), "token_endpoint_auth_method": "private_key_jwt", "client_secret": ""}
    client = parties[0].client
    for name, value in named.items():
        setattr(client, name, value)
    client.save()
    claims = json.dumps(assertion_claims("signing") | changed).encode()
    assertion = (key if signs else other).sign(claims, **header)
    answer = post_form("/oauth/token", {"grant_type": "client_credentials"} | by_assertion(assertion))
    assert answer.status_code in ({200, 400, 401} if signs else {400, 401})


@BOUNDED
@given(parts=st.lists(raw, max_size=5))
def test_what_is_no_assertion_is_nobody(parties, parts):
    for path in ("/oauth/token", "/oauth/introspect", "/oauth/revoke"):
        answer = post_form(path, {"grant_type": "client_credentials", "token": "x"} | by_assertion(".".join(parts)))
        refusals = {(401, "invalid_client"), (400, "invalid_request")}  # the latter for what is too long to be read
        assert (answer.status_code, answer.json()["error"]) in refusals

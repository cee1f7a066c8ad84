"""What strangers sign: believed by their published keys alone, each for its own algorithms (RFC 7515, 7517, 8725)."""

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from oauth.vocabulary import CLIENT_ALGORITHMS
from tests.client_keys import ALGORITHMS, ClientKey, b64, unsigned
from trust.keys import foreign
from trust.keys.foreign import InvalidToken

KEY = ClientKey("ES256")
CLAIMS = {"sub": "somebody", "n": 1}


def verify(token, *key_sets, longest=8192):
    return foreign.verified(foreign.parse(token, longest=longest), key_sets or [KEY.key_set()])


def refused(token, *key_sets, **named):
    with pytest.raises(InvalidToken):
        verify(token, *key_sets, **named)


@pytest.mark.spec("RFC 7518", "3.1")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_believes_what_the_published_key_signed_and_nothing_else(algorithm):
    key, other = ClientKey(algorithm), ClientKey(algorithm, "two")
    assert verify(key.sign(CLAIMS), key.key_set()) == CLAIMS
    refused(other.sign(CLAIMS, kid="one"), key.key_set())
    refused(key.sign(CLAIMS)[:-4] + "AAAA", key.key_set())


def test_the_algorithms_are_those_that_clients_may_use():
    assert set(foreign.foreign_jwk.ALGORITHMS["RSA"] + ("ES256", "EdDSA")) == set(CLIENT_ALGORITHMS) == set(ALGORITHMS)


@pytest.mark.spec("RFC 8725", "3.1")
@pytest.mark.parametrize(
    "alg", ["none", "None", "HS256", "RS256", "PS256", "EdDSA", "ES384", "ES256K", "", 7, ["ES256"]]
)
def test_a_key_takes_the_algorithms_of_its_own_type_alone(alg):
    refused(KEY.sign(CLAIMS, alg=alg), KEY.key_set(alg=None))


@pytest.mark.spec("RFC 8725", "3.2")
def test_an_unsigned_token_is_nobodys():
    refused(unsigned(CLAIMS))
    refused(unsigned(CLAIMS, {"alg": "ES256", "kid": "one"}))


@pytest.mark.spec("RFC 8725", "2.1")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_public_key_is_no_shared_secret(algorithm):
    key = ClientKey(algorithm)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    for secret in (
        key.private.public_key().public_bytes(serialization.Encoding.PEM, form),
        json.dumps(key.jwk()).encode(),
        b"",
    ):
        for published in (key.key_set(alg=None), {"keys": [{"kty": "oct", "kid": "one", "k": b64(secret)}]}):
            signed = unsigned(CLAIMS, {"alg": "HS256", "kid": "one"})[:-1]
            refused(f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}", published)


@pytest.mark.spec("RFC 8725", "3.10")
def test_a_key_that_the_token_brings_along_is_not_looked_at():
    other = ClientKey("ES256", "two")
    for extra in (
        {"jwk": other.jwk()},
        {"jku": "https://evil.example/"},
        {"x5u": "https://evil.example/"},
        {"x5c": []},
    ):
        refused(other.sign(CLAIMS, kid="one", **extra))
        assert verify(KEY.sign(CLAIMS, **extra)) == CLAIMS


@pytest.mark.spec("RFC 7515", "4.1.11")
@pytest.mark.parametrize("crit", [["exp"], [], ["b64"], "exp", None, {}])
def test_a_critical_extension_is_refused_whatever_it_is(crit):
    signed = unsigned(CLAIMS, {"alg": "ES256", "kid": "one", "crit": crit})[:-1]
    refused(f"{signed}.{KEY.sign(CLAIMS).rpartition('.')[2]}")
    with pytest.raises(InvalidToken, match="crit"):
        foreign.parse(f"{signed}.", longest=8192)


@pytest.mark.parametrize("name", ["kid", "typ"])
@pytest.mark.parametrize("value", [1, True, [], {}, ["one"]])
def test_header_values_of_another_type_are_refused(name, value):
    refused(KEY.sign(CLAIMS, **{name: value}))


@pytest.mark.spec("OpenID Connect Core", "10.1")
def test_without_a_kid_there_must_be_one_key_that_fits():
    token = KEY.sign(CLAIMS, kid=None)
    other = ClientKey("ES256", "two")
    assert verify(token, {"keys": [KEY.jwk(), ClientKey("RS256").jwk(), other.jwk(use="enc")]}) == CLAIMS
    refused(token, {"keys": [KEY.jwk(), other.jwk()]})
    refused(token, {"keys": [other.jwk(), KEY.jwk()]})
    assert verify(KEY.sign(CLAIMS), {"keys": [other.jwk(), KEY.jwk()]}) == CLAIMS


@pytest.mark.spec("RFC 7517", "4.5")
def test_a_kid_names_one_key_or_none():
    refused(KEY.sign(CLAIMS), {"keys": [KEY.jwk(), ClientKey("ES256", "two").jwk(kid="one")]})
    refused(KEY.sign(CLAIMS, kid="three"))
    refused(KEY.sign(CLAIMS, kid=""))
    refused(KEY.sign(CLAIMS), KEY.key_set(kid=None))


@pytest.mark.spec("RFC 7517", "4")
@pytest.mark.parametrize(
    "changed", [{"use": "enc"}, {"use": 1}, {"alg": "RS256"}, {"kty": "RSA"}, {"kty": "oct"}, {"crv": "P-384"},
                {"x": None}, {"x": "AAAA"}, {"x": 5}, {"y": "=="}, {"kty": None}, {"d": "AQ"}, {"k": "AQ"}]
)  # fmt: skip
def test_a_key_that_is_for_something_else_or_broken_is_none(changed):
    refused(KEY.sign(CLAIMS), KEY.key_set(**changed))


def of(public, algorithm):
    return {"keys": [json.loads(algorithm.to_jwk(public)) | {"kid": "one"}]}


@pytest.mark.spec("RFC 7518", "3.3")
@pytest.mark.filterwarnings("ignore")
def test_a_short_rsa_key_and_other_curves_are_refused():
    key = ClientKey("RS256", "short")
    key.private = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    refused(key.sign(CLAIMS, kid="one"), of(key.private.public_key(), RSAAlgorithm))
    refused(KEY.sign(CLAIMS), of(ec.generate_private_key(ec.SECP384R1()).public_key(), ECAlgorithm))
    key = ClientKey("EdDSA", "other")
    key.private = ed448.Ed448PrivateKey.generate()
    refused(key.sign(CLAIMS, kid="one"), of(key.private.public_key(), OKPAlgorithm))


@pytest.mark.parametrize(
    "members", [{"n": b64(b"\xff" * 4096)}, {"e": b64(b"\x01" * 200)}, {"e": "AA"}, {"e": "Ag"}, {"n": ""}]
)
def test_an_rsa_key_that_is_slow_or_none_is_refused(members):
    key = ClientKey("RS256")
    refused(key.sign(CLAIMS), key.key_set(**members))


@pytest.mark.parametrize("key_set", [None, [], "keys", 7, {}, {"keys": None}, {"keys": {}}, {"keys": [None, 7, []]}])
def test_a_set_that_is_none_has_no_key(key_set):
    refused(KEY.sign(CLAIMS), key_set)


def test_a_later_set_is_asked_for_only_where_none_fits_before():
    asked = []

    def sets(*published):
        for key_set in published:
            asked.append(key_set)
            yield key_set

    token, old = foreign.parse(KEY.sign(CLAIMS), longest=8192), ClientKey("ES256", "old").key_set()
    assert foreign.verified(token, sets(KEY.key_set(), old)) == CLAIMS
    assert foreign.verified(token, sets(old, KEY.key_set())) == CLAIMS
    assert asked == [KEY.key_set(), old, KEY.key_set()]


def test_nobodys_keys_verify_nothing():
    """They stand in where there is no key, for the time that it takes; one could sign with them."""
    for algorithm in ("ES256", "EdDSA"):
        key = ClientKey(algorithm, "stand-in")
        ones = ec.derive_private_key(1, ec.SECP256R1())
        key.private = ones if algorithm == "ES256" else ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
        refused(key.sign(CLAIMS), {}, None)


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"1", b'"x"', b"null", b'{"a":1,"a":2}', b"[" * 3000, b"\xff", b'{"a":"\\u0000"}']
)
def test_claims_are_one_plain_object(payload):
    refused(KEY.sign(payload))


def test_a_token_has_a_length_and_three_parts():
    token = KEY.sign(CLAIMS)
    assert verify(token, longest=len(token)) == CLAIMS
    refused(token, longest=len(token) - 1)
    for changed in (
        f"{token}.",
        f".{token}",
        f"{token}=",
        f" {token}",
        f"{token}\n",
        "",
        "é",
        token.rpartition(".")[0],
    ):
        refused(changed)


@pytest.mark.parametrize(
    ("value", "seconds"), [(5, 5), (5.5, 5.5), (10**400, 10**400), (True, None), ("5", None), (None, None), ([], None)]
)
def test_a_time_is_a_number(value, seconds):
    assert foreign.seconds({"exp": value}, "exp") == seconds
    assert foreign.seconds({}, "exp") is None


@pytest.mark.spec("RFC 9864", "2.2")
@pytest.mark.parametrize("named", ["EdDSA", "Ed25519"])
def test_ed25519_goes_by_both_of_its_names(named):
    key = ClientKey("EdDSA")
    for published in (named, None):
        token = foreign.parse(key.sign({"sub": "app"}, alg=named), longest=8192)
        assert foreign.verified(token, [key.key_set(alg=published)]) == {"sub": "app"}

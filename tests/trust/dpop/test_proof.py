"""What a proof must say, and that its key said it (RFC 9449 sections 4.2 and 4.3)."""

import time

import pytest

from tests.client_keys import b64, unsigned
from tests.dpop import TOKEN_URL, ProofKey, ath_of
from trust.dpop import proof_key
from trust.dpop.errors import ProofRefused
from trust.dpop.proof import Presented, Proof, verified
from trust.explain.vocabulary import Found
from trust.lib import clock

KEY = ProofKey()


def checked(header: str, *, access_token: str = "") -> Proof:
    return verified(Presented(header, "POST", TOKEN_URL), now=clock.now(), access_token=access_token)


def refused(header: str, **more) -> tuple[Found | None, str]:
    with pytest.raises(ProofRefused) as caught:
        checked(header, **more)
    assert caught.value.description.isascii()
    return caught.value.finding.found, caught.value.finding.about


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    proof_key.forget()


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA"])
def test_a_proof_that_holds_says_whose_it_is(algorithm) -> None:
    key = ProofKey(algorithm)
    for _ in range(2):  # the second by the key that is remembered
        assert checked(key.proof(jti="one", nonce="n")) == Proof(key.thumbprint, "one", "n")


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"htm": "GET"}, "htm"),
        ({"htm": "post"}, "htm"),
        ({"htm": None}, "htm"),
        ({"htm": ["POST"]}, "htm"),
        ({"htu": "http://testserver/oauth/introspect"}, "htu"),
        ({"htu": "http://evil.example/oauth/token"}, "htu"),
        ({"htu": None}, "htu"),
        ({"htu": 7}, "htu"),
        ({"htu": [TOKEN_URL]}, "htu"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
        ({"jti": "x" * 257}, "jti"),
        ({"nonce": 7}, "nonce"),
        ({"nonce": ["n"]}, "nonce"),
    ],
)
def test_refuses_a_proof_for_something_else(changed, about) -> None:
    assert refused(KEY.proof(**changed)) == (Found.DPOP_NOT_MEANT_SO, about)


@pytest.mark.spec("RFC 9449", "11.1")
@pytest.mark.spec("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize("ago", [-10, -9, 0, 10, 59])
def test_takes_a_proof_of_just_now(ago) -> None:
    assert checked(KEY.proof(iat=int(time.time()) - ago))


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize(
    ("ago", "found"),
    [(62, Found.CLOCK_BEHIND), (10**9, Found.CLOCK_BEHIND), (-12, Found.CLOCK_AHEAD), (-(10**9), Found.CLOCK_AHEAD)],
)
def test_refuses_a_proof_of_another_time(ago, found) -> None:
    assert refused(KEY.proof(iat=int(time.time()) - ago)) == (found, "iat")


@pytest.mark.parametrize("iat", [None, "now", True, [], {}])
def test_refuses_a_proof_without_a_time(iat) -> None:
    assert refused(KEY.proof(iat=iat)) == (Found.TIME_MISSING, "iat")


@pytest.mark.parametrize("iat", [10**400, -(10**400), 1e308, -1e308])
def test_a_number_without_end_is_no_error_of_ours(iat) -> None:
    assert refused(KEY.proof(iat=iat))[1] == "iat"


@pytest.mark.spec("RFC 9449", "4.3")
def test_a_proof_beside_a_token_has_its_hash() -> None:
    assert checked(KEY.proof(token="a-token"), access_token="a-token")
    for ath in (ath_of("another-token"), None, "", 7, "a-token"):
        assert refused(KEY.proof(ath=ath), access_token="a-token") == (Found.DPOP_NOT_MEANT_SO, "ath")


@pytest.mark.spec("RFC 9449", "4.3")
def test_refuses_a_signature_by_another_key() -> None:
    other = ProofKey(kid="another")
    assert refused(other.proof(header={"jwk": KEY.public()})) == (Found.DPOP_NOT_VERIFIED, "")
    checked(KEY.proof())
    assert refused(other.proof(header={"jwk": KEY.public()})) == (Found.DPOP_NOT_VERIFIED, "")


def test_refuses_claims_that_were_changed_after_signing() -> None:
    head, _, signature = KEY.proof().split(".")
    _, payload, _ = KEY.proof(jti="another").split(".")
    assert refused(f"{head}.{payload}.{signature}") == (Found.DPOP_NOT_VERIFIED, "")


def test_a_header_is_remembered_only_once_its_key_has_signed() -> None:
    head, payload, _ = KEY.proof().split(".")
    refused(f"{head}.{payload}.{b64(bytes(64))}")
    assert proof_key.known(head) is None
    checked(KEY.proof())
    assert proof_key.known(head) is not None


UNREADABLE = {
    "nothing": "",
    "dots": "..",
    "three dots": "...",
    "letters": "a.b.c",
    "two parts": "a.b",
    "no ASCII": "é.é.é",
    "NUL": "\0.\0.\0",
    "a space before": " " + KEY.proof(),
    "a space behind": KEY.proof() + " ",
    "a dot behind": KEY.proof() + ".",
    "a newline behind": KEY.proof() + "\n",
    "padding": KEY.proof() + "=",
    "two": f"{KEY.proof()},{KEY.proof()}",
    "two, apart": f"{KEY.proof()}, {KEY.proof()}",
    "too long": "x" * 4097,
    "many dots": "." * 4000,
    "long": "eyJ" * 1300,
    "no type": unsigned({}, {"alg": "ES256"}),
    "a list": KEY.sign(b"[]", typ="dpop+jwt", jwk=KEY.public()),
    "null": KEY.sign(b"null", typ="dpop+jwt", jwk=KEY.public()),
    "a name twice": KEY.sign(b'{"a":1,"a":1}', typ="dpop+jwt", jwk=KEY.public()),
    "brackets": KEY.sign(b"[" * 900, typ="dpop+jwt", jwk=KEY.public()),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_proof_is_refused_and_never_an_error_of_ours(name) -> None:
    assert refused(UNREADABLE[name])[0] in {Found.DPOP_UNREADABLE, Found.DPOP_NOT_MEANT_SO}

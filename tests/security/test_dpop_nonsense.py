"""What is no DPoP proof, or no token: refused in words, whoever sends it, and nothing is left of it (RFC 9449)."""

import pytest

from tests.client_keys import ClientKey
from tests.dpop import ISSUER, TOKEN_URL, USERINFO_URL, BoundApplication, ask
from tests.security.test_dpop_attacks import assert_refused, machine
from tests.security.test_dpop_attacks import bound as bound
from tests.security.test_dpop_attacks import token as token
from trust.dpop.conf import LONGEST_PROOF
from trust.dpop.models import UsedProof

pytestmark = pytest.mark.django_db

KEY = BoundApplication.key


NONSENSE = {
    "empty": "",
    "a dot": ".",
    "two dots": "..",
    "three dots": "...",
    "letters": "a.b.c",
    "null": "null",
    "a list": "[]",
    "no ASCII": "é.é.é",
    "long": "x" * 15_000,
    "long as base64url": "eyJ" * 4000,
    "many dots": "." * 10_000,
    "an escape": "%00",
    "a control character": "\x7f",
    "a header alone": "eyJhbGciOiJFUzI1NiJ9..",
    "two in one": f"{KEY.proof()},{KEY.proof()}",
    "a character too long": "x" * (LONGEST_PROOF + 1),
    "deeply nested": ClientKey().sign(b"[" * 1000, typ="dpop+jwt", kid=None, jwk=KEY.public()),
    "a long jti": KEY.proof(jti="x" * 3000),
    "a number without end": KEY.proof(iat=10**300),
    "half an address": KEY.proof(htu="http://[::1"),
    "a port in letters": KEY.proof(htu="http://a:b"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_and_breaks_nothing(token, name):
    assert_refused(machine(NONSENSE[name]))
    assert_refused(ask("/oauth/userinfo", token, NONSENSE[name]))
    assert_refused(ask("/api/user_info/", token, NONSENSE[name]))


@pytest.mark.parametrize("value", ["", " ", "a b", "a,b", "a.b.c", "x" * 9000, "é"])
def test_nonsense_for_a_token_is_refused_and_breaks_nothing(db, value):
    for path in ("/oauth/userinfo", "/api/me/"):
        assert_refused(ask(path, value, KEY.proof("GET", f"{ISSUER}{path}")), "invalid_token")


def test_strangers_leave_no_trace(db, app):
    """Who has no token and is no client makes us remember nothing, and is told nothing of a proof."""
    assert_refused(machine(KEY.proof(), secret="wrong"), "invalid_client")
    assert_refused(ask("/oauth/userinfo", "nonsense", KEY.proof("GET", USERINFO_URL)), "invalid_token")
    assert UsedProof.objects.count() == 0


def test_no_proof_or_token_stands_in_the_log(token, caplog):
    proof = KEY.proof("GET", USERINFO_URL, token=token)
    with caplog.at_level("DEBUG"):
        ask("/oauth/userinfo", token, proof)
        ask("/oauth/userinfo", token, proof)
        machine(KEY.proof(url=TOKEN_URL, iat=1))
    assert token not in caplog.text
    assert proof.rpartition(".")[2] not in caplog.text

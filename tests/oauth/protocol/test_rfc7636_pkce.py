"""Proof keys: what a challenge is, and which verifier goes with it."""

import pytest

from oauth.errors import InvalidGrant, InvalidRequest
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc7636_pkce import challenge_of, check_verifier
from oauth.vocabulary import AuthMethod, Pkce
from tests.oauth.protocol.requests import CHALLENGE, registered

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
EXCUSED = registered(pkce=Pkce.OPTIONAL)
PUBLIC = registered(pkce=Pkce.OPTIONAL, auth_method=AuthMethod.NONE)  # the database refuses it, and so do the rules


@pytest.mark.parametrize("client", [registered(), EXCUSED, PUBLIC])
def test_a_challenge_is_taken_from_everybody(client):
    assert challenge_of(client, Parameters({"code_challenge": CHALLENGE, "code_challenge_method": "S256"})) == CHALLENGE


def test_only_an_excused_confidential_client_goes_without():
    assert challenge_of(EXCUSED, Parameters({})) == ""
    for client in (registered(), PUBLIC):
        with pytest.raises(InvalidRequest):
            challenge_of(client, Parameters({}))


def test_a_verifier_goes_with_its_own_challenge():
    check_verifier(CHALLENGE, VERIFIER)
    check_verifier("", "")
    for challenge, verifier in (
        (CHALLENGE, ""),
        (CHALLENGE, "x" * 43),
        ("", VERIFIER),
        (CHALLENGE, CHALLENGE),
        ("x", ""),
    ):
        with pytest.raises(InvalidGrant):
            check_verifier(challenge, verifier)

"""The key that a proof names: public, of its algorithm, and its thumbprint."""

import json
from base64 import urlsafe_b64decode

import pytest

from tests.client_keys import ClientKey, b64
from tests.dpop import ProofKey
from trust.dpop import proof_key
from trust.dpop.errors import ProofRefused
from trust.explain.vocabulary import Found


def header(**said) -> str:
    key = ProofKey()
    named = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.public()} | said
    return b64(json.dumps({name: value for name, value in named.items() if value is not None}).encode())


def refused(text: str) -> tuple[Found | None, str]:
    with pytest.raises(ProofRefused) as caught:
        proof_key.read(text)
    assert caught.value.description.isascii()
    return caught.value.finding.found, caught.value.finding.about


@pytest.mark.spec("RFC 7638", "3.1")
def test_a_key_has_the_thumbprint_of_the_example() -> None:
    jwk = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"
        "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"
        "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
        "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert proof_key.thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.spec("RFC 8037", "A.3")
def test_the_thumbprint_of_an_octet_key_pair() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert proof_key.thumbprint(jwk) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.spec("RFC 9449", "4.2")
@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA"])
def test_each_algorithm_has_its_key(algorithm) -> None:
    key = ProofKey(algorithm)
    found = proof_key.read(header(alg=algorithm, jwk=key.public()))
    assert (found.alg, found.thumbprint) == (algorithm, key.thumbprint)


@pytest.mark.parametrize("more", [{"kid": "other"}, {"use": "sig"}, {"alg": "ES256"}])
def test_members_beside_the_key_change_no_thumbprint(more) -> None:
    assert proof_key.read(header(jwk=ProofKey().public(**more))).thumbprint == ProofKey().thumbprint


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize("alg", ["none", "HS256", "RS256", "ES384", "es256", "", None, 7, ["ES256"]])
def test_refuses_an_algorithm_that_is_not_ours(alg) -> None:
    assert refused(header(alg=alg)) == (Found.DPOP_NOT_MEANT_SO, "alg")


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "", None, 7, "application/dpop+jwt"])
def test_refuses_another_type(typ) -> None:
    assert refused(header(typ=typ)) == (Found.DPOP_NOT_MEANT_SO, "typ")


def test_the_type_has_no_case() -> None:
    assert proof_key.read(header(typ="DPoP+JWT"))


@pytest.mark.spec("RFC 7515", "4.1.11")
@pytest.mark.parametrize("crit", [["exp"], [], "exp", None])
def test_refuses_crit(crit) -> None:
    text = header(crit=crit) if crit is not None else b64(b'{"crit":null,"alg":"ES256","typ":"dpop+jwt"}')
    assert refused(text) == (Found.DPOP_NOT_MEANT_SO, "crit")


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_refuses_a_key_with_private_members(member) -> None:
    jwk = ProofKey("PS256").public() | {member: "AQAB"}
    assert refused(header(alg="PS256", jwk=jwk))[0] is Found.DPOP_KEY_UNFIT


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        {},
        [],
        "key",
        7,
        {"kty": "EC"},
        {"kty": ["EC"]},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": b64(bytes(32)), "y": b64(bytes(32))},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        {"kty": "EC", "crv": "P-384", "x": b64(bytes(48)), "y": b64(bytes(48))},
        {"kty": "EC", "crv": "secp256k1", "x": b64(bytes(32)), "y": b64(bytes(32))},
        ClientKey("EdDSA").jwk(),
        ClientKey("PS256").jwk(),
        ClientKey("ES256").jwk(use="enc"),
        ClientKey("ES256").jwk(alg="ES384"),
    ],
)
def test_refuses_what_is_no_key_of_the_algorithm(jwk) -> None:
    assert refused(header(jwk=jwk))[0] is Found.DPOP_KEY_UNFIT


@pytest.mark.parametrize("bits", [1024, 2040, 16384])
def test_refuses_rsa_keys_of_other_sizes(bits) -> None:
    jwk = {"kty": "RSA", "e": "AQAB", "n": b64(((1 << bits) - 1).to_bytes((bits + 7) // 8))}
    assert refused(header(alg="PS256", jwk=jwk))[0] is Found.DPOP_KEY_UNFIT


@pytest.mark.parametrize("member", ["n", "e"])
def test_a_key_has_one_name(member) -> None:
    """Zeros before a number would make the same key another thumbprint."""
    jwk = ProofKey("PS256").public()
    raw = urlsafe_b64decode(jwk[member] + "==")
    assert refused(header(alg="PS256", jwk=jwk | {member: b64(b"\0" + raw)}))[0] is Found.DPOP_KEY_UNFIT


@pytest.mark.parametrize(
    "text", ["", "e30=", "!", "e", "W10", b64(b'{"alg":"ES256","alg":"ES256"}'), b64(b"\xff"), "é"]
)
def test_refuses_what_is_no_header(text) -> None:
    found, _ = refused(text)
    assert found is Found.DPOP_UNREADABLE

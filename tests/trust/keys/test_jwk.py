"""Keys as JSON Web Keys: public members alone, and sealed at rest."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt import PyJWK

from trust.keys.jwk import generate, public_jwk, seal_private, unseal_private
from trust.keys.models import PUBLISHED, Algorithm
from trust.lib.sealing import SealBroken, seal

PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_sealed_key_comes_back_the_same(algorithm):
    key = generate(algorithm)
    sealed = seal_private(key)
    back = unseal_private(algorithm, sealed)
    if isinstance(key, bytes):
        assert back == key
    else:
        assert back.private_numbers() == key.private_numbers() if hasattr(key, "private_numbers") else True
        assert back.public_key() == key.public_key()
    assert "PRIVATE" not in sealed


def test_a_key_sealed_for_another_purpose_is_refused():
    with pytest.raises(SealBroken):
        unseal_private(Algorithm.HS256, seal(b"x" * 32, purpose="mail"))


@pytest.mark.spec("RFC 7517", "4")
@pytest.mark.parametrize("algorithm", PUBLISHED)
def test_a_published_key_has_public_members_alone_and_is_understood_by_others(algorithm):
    key = generate(algorithm)
    published = public_jwk(key, kid="one", algorithm=algorithm)
    assert PRIVATE_MEMBERS.isdisjoint(published)
    assert (published["kid"], published["use"], published["alg"]) == ("one", "sig", algorithm)
    assert PyJWK(json.loads(json.dumps(published))).key == key.public_key()


def test_a_coordinate_that_begins_with_noughts_keeps_its_length():
    """RFC 7518 section 6.2.1.2: the full size of a coordinate, leading noughts included."""
    for number in range(1, 2000):
        key = ec.derive_private_key(number, ec.SECP256R1())
        if key.public_key().public_numbers().x < 1 << 248:
            break
    assert len(public_jwk(key, kid="one", algorithm="ES256")["x"]) == 43


def test_a_symmetric_key_is_never_published():
    with pytest.raises(ValueError, match="never published"):
        public_jwk(generate(Algorithm.HS256), kid="one", algorithm="HS256")


def test_keys_are_as_strong_as_their_algorithm_demands():
    symmetric, rsa_key = generate(Algorithm.HS256), generate(Algorithm.RS256)
    assert isinstance(symmetric, bytes)
    assert len(symmetric) >= 32
    assert isinstance(rsa_key, rsa.RSAPrivateKey)
    assert rsa_key.key_size >= 2048
    assert rsa_key.public_key().public_numbers().e == 65537
    assert isinstance(generate(Algorithm.ES256).curve, ec.SECP256R1)
    assert isinstance(generate(Algorithm.EDDSA), ed25519.Ed25519PrivateKey)

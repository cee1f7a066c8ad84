"""Secrets at rest: opened by any listed key, for their purpose alone."""

import pytest

from trust.lib.sealing import SealBroken, seal, unseal

OLD = "the old sealing key, of more than thirty-two characters"
NEW = "the new sealing key, of more than thirty-two characters"


@pytest.mark.parametrize("plain", [b"", b"secret", bytes(range(256)), "한국어".encode()])
def test_opens_what_it_sealed(plain):
    assert unseal(seal(plain, purpose="test"), purpose="test") == plain


def test_the_seal_shows_nothing_and_is_never_the_same_twice():
    first, second = seal(b"secret", purpose="test"), seal(b"secret", purpose="test")
    assert first != second
    assert "secret" not in first


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(settings):
    settings.SEALING_KEYS = [OLD]
    sealed = seal(b"secret", purpose="test")
    settings.SEALING_KEYS = [NEW, OLD]
    assert unseal(sealed, purpose="test") == b"secret"


def test_the_first_key_seals(settings):
    settings.SEALING_KEYS = [NEW, OLD]
    sealed = seal(b"secret", purpose="test")
    settings.SEALING_KEYS = [NEW]
    assert unseal(sealed, purpose="test") == b"secret"


def test_a_key_no_longer_listed_opens_nothing(settings):
    settings.SEALING_KEYS = [OLD]
    sealed = seal(b"secret", purpose="test")
    settings.SEALING_KEYS = [NEW]
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="test")


def test_another_purpose_opens_nothing():
    sealed = seal(b"secret", purpose="mail")
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="signing-key")


def test_an_altered_character_anywhere_breaks_the_seal():
    sealed = seal(b"secret", purpose="test")
    for place in range(0, len(sealed.rstrip("=")) - 1, 7):
        altered = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            unseal(altered, purpose="test")


@pytest.mark.parametrize("sealed", ["", "A", "not a seal", "비밀", "gAAAAA==", "\x00"])
def test_what_was_never_sealed_is_refused(sealed):
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="test")


def test_the_seal_does_not_depend_on_secret_key(settings):
    sealed = seal(b"secret", purpose="test")
    settings.SECRET_KEY = "quite another secret key of the deployment"
    assert unseal(sealed, purpose="test") == b"secret"

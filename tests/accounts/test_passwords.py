"""Passwords: any characters, exactly as typed but for their encoding, counted as they are hashed."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords import LengthValidator

KOREAN = "열다섯 글자가 넘는 비밀번호를 쓴다"


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("correct horse battery staple", id="spaces within"),
        pytest.param("  spaces around it  ", id="spaces around"),
        pytest.param("\ttabs and\nline feeds", id="control characters"),
        pytest.param("🐎🔋📎✅ emoji of several code points 👩‍👩‍👧", id="emoji"),
        pytest.param(KOREAN, id="Korean"),
        pytest.param("\u202eright to left\u202c", id="direction marks"),
        pytest.param("x" * 256, id="as long as may be"),
        pytest.param("'; DROP TABLE accounts_user; --", id="quotes"),
    ],
)
def test_any_characters_are_taken_exactly(password) -> None:
    user = User()
    user.set_password(password)
    assert user.check_password(password)
    for other in (password.strip(), password.upper(), password[:-1], password + " ", password[:72]):
        assert other == password or not user.check_password(other)


def test_keyboards_that_put_letters_together_differently_type_the_same() -> None:
    user = User()
    user.set_password(unicodedata.normalize("NFD", KOREAN))
    assert user.check_password(unicodedata.normalize("NFC", KOREAN))


def test_what_only_looks_alike_is_another_password() -> None:
    """NFC joins what is the same letter; NFKC would make ｐ and p one."""
    user = User()
    user.set_password("password phrase, fifteen")
    assert not user.check_password("ｐassword phrase, fifteen")


@pytest.mark.parametrize(("password", "is_long"), [("x" * 14, False), ("x" * 15, True), ("한" * 15, True)])
def test_the_length_is_kept(password, is_long) -> None:
    user = User()
    user.set_password(unicodedata.normalize("NFD", password))
    assert user.has_long_password is is_long


def test_a_letter_is_one_character_however_it_is_encoded() -> None:
    with pytest.raises(ValidationError):
        LengthValidator().validate(unicodedata.normalize("NFD", "한" * 14))


def test_without_a_password_none_is_right() -> None:
    user = User()
    user.set_password(None)
    assert not user.has_long_password
    assert not any(user.check_password(guess) for guess in ("", None, "!", user.password))

"""What many people think of is refused, also with decoration; sentences of common words are not."""

import pytest
from django.core.exceptions import ValidationError

from accounts.passwords import CommonValidator

validator = CommonValidator()


@pytest.mark.spec("NIST SP 800-63B-4", "3.1.1.2")
@pytest.mark.parametrize(
    "password",
    [
        pytest.param("1q2w3e4r5t6y7u8i9o0p", id="on the list"),
        pytest.param("  ManchesterUnited ", id="on the list in another case"),
        pytest.param("passwordpassword", id="a common word twice"),
        pytest.param("DragonDragonDrag", id="a common word again and again"),
        pytest.param("Password!2345678", id="a common word and a row"),
        pytest.param("2024password2024", id="a common word between numbers"),
        pytest.param("!!!!iloveyou!!!!", id="a common word between signs"),
        pytest.param("aaaaaaaaaaaaaaa", id="one character"),
        pytest.param("ab1ab1ab1ab1ab1", id="three characters"),
        pytest.param("123456789012345", id="a row of digits"),
        pytest.param("abcdefghijklmnop", id="the alphabet"),
        pytest.param("ponmlkjihgfedcba", id="the alphabet from behind"),
        pytest.param("qwertyuiopasdfghj", id="a row of the keyboard"),
        pytest.param("qwertyuiop12345", id="a row of the keyboard and one of digits"),
    ],
)
def test_refuses(password):
    with pytest.raises(ValidationError) as refused:
        validator.validate(password)
    assert refused.value.code == "password_too_common"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "dragon monkey football shadow",
        "password of my grandmother's cat",
        "982138471239875",
        "dragon-83917502846",
        "xK9#mQ2$vL7@",
        "열다섯 글자가 넘는 비밀번호를 쓴다",
        "no no no no, never again",
    ],
)
def test_lets_through(password):
    validator.validate(password)


def test_a_very_long_one_is_judged_quickly():
    validator.validate("a very long password, " + "x" * 10_000 + " and its end")

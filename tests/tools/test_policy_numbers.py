"""Policy numbers are said in words, with the comment beside them or above."""

import ast

import pytest

from tools.policy_numbers import Number, in_words, numbers


@pytest.mark.parametrize(
    ("constant", "words"),
    [
        ("60", "60"),
        ("'mail'", "mail"),
        ("timedelta(minutes=10)", "10 minutes"),
        ("timedelta(days=1)", "1 day"),
        ("('openid', 'email')", "openid, email"),
        ("16 * 1024", "16 Ki"),
        ("GuessPolicy('sign-in', free=10, longest_wait=timedelta(minutes=15))", "free 10, longest wait 15 minutes"),
        ("int(LONGEST.total_seconds())", "int(LONGEST.total_seconds())"),
    ],
)
def test_says(constant, words):
    assert in_words(ast.parse(constant, mode="eval").body) == words


def test_takes_the_comment_beside_or_the_lines_above():
    source = (
        "# first line\n# and second\nABOVE: Final = 1\nBESIDE: Final = 2  # seconds\n"
        "BARE: Final = 3\n_OURS: Final = 4\npool: Final = 5\n"
    )
    assert list(numbers(source)) == [
        Number("ABOVE", "1", "first line and second"),
        Number("BESIDE", "2", "seconds"),
        Number("BARE", "3", ""),
    ]

"""Text that people decide by: all of it is seen, and what passes for other text is told."""

import pytest

from oauth.protocol.readable_text import is_readable, mixes_alphabets


@pytest.mark.parametrize("text", ["Landlord & Sons", "임대료 2월", "Зарплата", "नमस्ते\u200dक", "25 %", "☂", "İzmir"])
def test_what_people_write_is_readable(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize(
    "text",
    [
        *("pay \u202e000.1 RUE", "a\u200bb", "a\u2066b", "a\nb", "a\tb", "a\0b", "a\u00adb", "\ud800", "\ue000"),
        *("a\u2028b", "a\u3164b", "\u2800", "a\ufe0fb", "a\U000e0041b", " a", "a ", "\u00a0a", "\U000e01efa"),
    ],
)
def test_what_nobody_sees_is_not(text: str) -> None:
    assert not is_readable(text)


@pytest.mark.parametrize(
    ("text", "mixes"),
    [
        *(("Аpple", True), ("pаypal GmbH", True), ("αlpha", True), ("Apple", False), ("Яблоко", False)),
        *(("Яблоко Apple", False), ("한국Bank", False), ("№ 5", False), ("", False)),
    ],
)
def test_a_word_of_letters_that_look_alike_is_told(text: str, mixes: bool) -> None:
    assert mixes_alphabets(text) is mixes

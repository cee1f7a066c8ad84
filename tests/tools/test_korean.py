"""The Korean catalogue is Korean: no text was left or copied in English, and one style runs through it."""

import re

import pytest
from babel.messages.catalog import Message

from tests.korean import ENGLISH_SENTENCE, english_in
from tools.translations import _load, _texts

_HANGUL_OR_PLACEHOLDER = re.compile(r"[가-힣]|%\([a-z_]+\)s")
# Polite endings other than the one of statements, "-합니다", and the one of instructions, "-하세요".
_OTHER_STYLES = re.compile(r"(?:십시오|하시오|해요|예요|이에요|어요|아요|한다|된다)(?=[.!?]|$)")


def korean_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [text for message in _texts(_load("ko")) for text in korean_of(message)]


def test_no_english_is_left(texts: list[str]) -> None:
    assert [text for text in texts if english_in(text) and not _HANGUL_OR_PLACEHOLDER.search(text)] == []
    assert [text for text in texts if ENGLISH_SENTENCE.search(text)] == []


def test_statements_and_instructions_end_alike(texts: list[str]) -> None:
    assert [text for text in texts if _OTHER_STYLES.search(text)] == []


def test_a_text_begins_and_ends_with_what_its_english_does() -> None:
    """A template's text may begin or end with a space that keeps it from its neighbour."""
    for message in _texts(_load("ko")):
        english = message.id[0] if isinstance(message.id, tuple | list) else message.id
        for korean in korean_of(message):
            assert (korean[0].isspace(), korean[-1].isspace()) == (english[0].isspace(), english[-1].isspace())

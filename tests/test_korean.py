"""The search for English in Korean texts finds it."""

import pytest

from tests.korean import english_in


@pytest.mark.parametrize(
    "text",
    [
        "로그인",
        "API 문서",
        "2026년 11월 20일 오전 5:14 UTC",
        "alice@example.com 주소로 메일을 보냈습니다.",
        "http://id.example/a/b",
    ],
)
def test_korean_with_names_and_addresses_passes(text: str) -> None:
    assert english_in(text) == []


def test_english_is_found() -> None:
    assert english_in("계정: Sign in to your 계정.") == ["Sign", "in", "to", "your"]


def test_what_people_are_called_can_be_left_out() -> None:
    assert english_in("안녕하세요, dana 님", names=["dana"]) == []
    assert english_in("내 ‘dept’ 정보 보기", names=["dept"]) == []

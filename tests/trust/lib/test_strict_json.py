"""JSON as strangers send it: what is not plainly JSON is refused, by one exception."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trust.lib import strict_json
from trust.lib.strict_json import MAX_DEPTH, MalformedJson, parse_json


@pytest.mark.parametrize(
    "value", [{}, [], "", 0, -1.5, True, None, {"a": [{"b": "한글 🗝"}]}, "\t\n", {"a": 1, "A": 2}, 10**300, 10**4000]
)
def test_reads_what_is_json(value) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.spec("RFC 8259", "8.1")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "euc-kr", "latin-1"])
def test_only_utf_8_is_read(encoding) -> None:
    text = '{"a": "é"}' if encoding == "latin-1" else '{"a": "한"}'

    with pytest.raises(MalformedJson):
        parse_json(text.encode(encoding))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"}", b"{'a': 1}", b'{"a": }', b"[1,]", b"01", b"1 2", b"tru", b"NaN", b"[Infinity]", b"-Infinity",
        b"1e999", b"[-1e999]", b"9" * 5000, b'"\xff"', b'"\xed\xa0\x80"', b'"\n"', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_refuses_what_is_not(raw) -> None:
    with pytest.raises(MalformedJson):
        parse_json(raw)


@pytest.mark.parametrize(
    "text", ['"\\u0000"', '{"a\\u0000": 1}', '{"a": ["b\\u0000c"]}', '"\\ud800"', '["\\udfff\\ud800"]']
)
def test_refuses_text_that_no_database_keeps(text) -> None:
    with pytest.raises(MalformedJson):
        parse_json(text.encode())


@pytest.mark.spec("RFC 7493", "2.3")
def test_refuses_a_member_named_twice() -> None:
    with pytest.raises(MalformedJson):
        parse_json(b'{"a": {"b": 1, "b": 2}}')


def test_reads_down_to_the_deepest_level_and_no_further() -> None:
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(MalformedJson):
        parse_json(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
    with pytest.raises(MalformedJson):
        parse_json(b'{"a":' * 30_000 + b"1" + b"}" * 30_000)


WORDS = ["{", "}", "[", "]", ":", ",", '"a"', '"b"', '""', "1", "-0", "1.5", "1e5", "1e999", "null", "NaN", "true", " "]
WORDS += ['"\\u0000"', '"\\ud800"', '"한"', "18446744073709551616", "1" + "0" * 400]


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map("".join) | st.text(max_size=20))
def test_what_is_said_as_we_say_it_is_read_as_everything_is(text: str) -> None:
    def outcome(read: Callable[[bytes], Any]) -> str:
        try:
            return repr(read(text.encode()))
        except (ValueError, RecursionError):
            return "refused"

    assert outcome(parse_json) == outcome(strict_json._parsed)

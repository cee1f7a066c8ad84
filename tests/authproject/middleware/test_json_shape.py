import json

import pytest

from authproject.middleware.json_shape import DEEPEST, is_sound


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"username": "alice", "password": "a\\\\u0000b"}',
        '{"name": "김"}'.encode(),
        json.dumps("😀").encode(),
        b"[" * DEEPEST + b"]" * DEEPEST,
        b"[" + b"{}," * 1000 + b"1]",
        b'["' + b"[" * 1000 + b'"]',
        b'["\\"' + b"[" * 1000 + b'"]',
    ],
    ids=["empty", "escaped backslash", "utf-8", "pair", "deepest", "wide", "in a string", "after a quote"],
)
def test_lets_a_sensible_body_through(body: bytes) -> None:
    assert is_sound(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * (DEEPEST + 1),
        b'{"a":' * 60_000,
        b'["[[[", ' + b"[" * DEEPEST,
        b'{"a": "\x00"}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\\\\\u0000"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\\uDC00\\uD800"}',
        b'{"a": "\\ud83d\\ud83d\\ude00"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        "{}".encode("utf-16"),
    ],
    ids=[
        *("too deep", "much too deep", "deep after a string", "NUL", "escaped NUL", "NUL after a backslash"),
        *("half", "halves swapped", "half before a pair", "not UTF-8", "surrogate in UTF-8", "UTF-16"),
    ],
)
def test_refuses_what_a_parser_or_a_database_chokes_on(body: bytes) -> None:
    assert not is_sound(body)


@pytest.mark.parametrize("unit", [b'\\"', b'"', b"\\", b'"\\', b"[", b'["'])
def test_takes_time_in_proportion_to_the_body(unit: bytes) -> None:
    is_sound(b"[" * 20 + unit * (32 * 1024))  # quadratic work would take minutes here
    assert not is_sound(b"[" * 33 + unit * (32 * 1024) + b"\0")

"""JSON as strangers send it, strictly (RFC 8259, RFC 7493): UTF-8, no repeated member, no NUL, bounded depth."""

import json
from math import isfinite
from typing import Any, Final

import orjson

MAX_DEPTH: Final = 32


class MalformedJson(ValueError):
    """The text is not JSON, or not JSON that we take."""


def parse_json(raw: bytes) -> Any:
    """Return the value that `raw` says. Raises MalformedJson."""
    try:
        return _as_we_say_it(raw) or _parsed(raw)
    except (ValueError, RecursionError) as malformed:
        raise MalformedJson from malformed


def _as_we_say_it(raw: bytes) -> Any:
    """Return what is said just as we would say it: then nothing is said twice, too deeply, or as no JSON. Or None."""
    if b"\\u" in raw or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        return None
    try:
        value = orjson.loads(raw)
        return value if orjson.dumps(value) == raw else None
    except ValueError:  # it has its own bounds of numbers
        return None


def _parsed(raw: bytes) -> Any:
    value = json.loads(
        raw.decode(), object_pairs_hook=_members_once, parse_constant=_refuse_constant, parse_float=_finite
    )
    _check(value, MAX_DEPTH)
    return value


def _members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name said twice: two readers could believe two values (RFC 7493 section 2.3)."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)  # NaN and the infinities are not JSON


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError(digits)
    return number


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict | list):
        if depth == 0:
            raise ValueError("too deep")
        for inner in value:
            _check(inner, depth - 1)
            if isinstance(value, dict):
                _check(value[inner], depth - 1)


def _check_text(text: str) -> None:
    """Refuse what no database keeps: NUL, and half of a surrogate pair."""
    if "\0" in text:
        raise ValueError("NUL")
    text.encode()

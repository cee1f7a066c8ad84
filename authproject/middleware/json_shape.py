"""The shape of a JSON body, judged without parsing it: UTF-8 (RFC 8259 section 8.1), no NUL, bounded depth."""

import re
from typing import Final

DEEPEST: Final = 32  # levels: parsers recurse
# A string, ended or not, is passed over whole (possessively: no backtracking); a bracket counts.
_TOKENS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{\]}]', re.DOTALL)
# What escapes may not stand for: NUL, and half of a surrogate pair (RFC 8259 section 8.2).
_ESCAPES: Final = re.compile(
    rb"\\(?:u(?P<nul>0000)|(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def is_sound(body: bytes) -> bool:
    """Tell whether a body may be given to a parser."""
    return b"\0" not in body and is_utf8(body) and _has_sound_escapes(body) and _is_shallow(body)


def is_utf8(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8, which has no surrogates (RFC 3629 section 3)."""
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_sound_escapes(body: bytes) -> bool:
    if b"\\u" not in body:
        return True
    return not any(found["nul"] or found["half"] for found in _ESCAPES.finditer(body))


def _is_shallow(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return True
    depth = 0
    for found in _TOKENS.finditer(body):
        token = found[0]
        if token in (b"[", b"{"):
            depth += 1
        elif token in (b"]", b"}"):
            depth -= 1
        if depth > DEEPEST:
            return False
    return True

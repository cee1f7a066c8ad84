"""The compact form of a JWS (RFC 7515 section 7.1), taken apart strictly: bounded, canonical base64url, plain JSON."""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from trust.lib.plain_json import dump_json
from trust.lib.strict_json import MalformedJson, parse_json

_PARTS: Final = 3
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")


class InvalidToken(Exception):
    """Not a token, not of the expected kind or signer, or its signature does not hold. Why is for the log only."""


@dataclass(frozen=True, slots=True)
class Compact:
    """A compact JWS taken apart, nothing verified. `signed` is what the signature is over."""

    header: Mapping[str, Any]
    payload: bytes
    signed: bytes
    signature: bytes


def take_apart(token: str, *, longest: int) -> Compact:
    """Take a compact JWS of at most `longest` characters apart. Raises InvalidToken."""
    if len(token) > longest or not token.isascii():
        raise InvalidToken("size or characters")
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise InvalidToken("not compact")
    return Compact(
        header=_header(parts[0]),
        payload=decode(parts[1]),
        signed=f"{parts[0]}.{parts[1]}".encode("ascii"),
        signature=decode(parts[2]),
    )


@lru_cache(256)
def _header(part: str) -> Mapping[str, Any]:
    """Return a header, of which a process meets few: nobody changes what is read from here."""
    return MappingProxyType(load_json(decode(part)))


def load_json(raw: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises InvalidToken for anything else, repeated names and deep nesting included."""
    try:
        loaded = parse_json(raw)
    except MalformedJson as malformed:
        raise InvalidToken("json") from malformed
    if not isinstance(loaded, dict):
        raise InvalidToken("json")
    return loaded


def encode_json(value: dict[str, Any]) -> str:
    """Return a JSON object as a part of a compact JWS."""
    return encode(dump_json(value))


def encode(raw: bytes) -> str:
    """Return base64url without padding (RFC 7515 section 2)."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def decode(text: str) -> bytes:
    """Return what base64url says. Raises InvalidToken for all but its one canonical text."""
    try:
        raw = binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + b"==")
    except ValueError as malformed:
        raise InvalidToken("base64url") from malformed
    if encode(raw) != text:
        raise InvalidToken("base64url not canonical")
    return raw

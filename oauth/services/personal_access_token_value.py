"""What a personal access token looks like: a prefix that scanners of secrets know, 256 random bits, and a checksum.

The checksum is no secret: by it, what was mistyped or made up is refused before anything is looked up, and a scanner
that finds such a word in a repository knows that it is no chance.
"""

import re
import secrets
import zlib
from typing import Final

PREFIX: Final = "apat_"
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHANCE_BITS: Final = 256
_CHANCE_DIGITS: Final = 43  # of base 62, for 256 bits
_CHECKSUM_DIGITS: Final = 6  # of base 62, for 32 bits
_VALUE: Final = re.compile(f"{PREFIX}[0-9A-Za-z]{{{_CHANCE_DIGITS + _CHECKSUM_DIGITS}}}")


def new_value() -> str:
    """Return the value of a new token."""
    begun = PREFIX + _in_digits(secrets.randbits(_CHANCE_BITS), _CHANCE_DIGITS)
    return begun + _checksum(begun)


def is_like_one(value: str) -> bool:
    """Tell whether a value begins as these tokens do."""
    return value.startswith(PREFIX)


def is_whole(value: str) -> bool:
    """Tell whether a value could be a token: its form and its checksum are right."""
    return _VALUE.fullmatch(value) is not None and _checksum(value[:-_CHECKSUM_DIGITS]) == value[-_CHECKSUM_DIGITS:]


def _checksum(begun: str) -> str:
    """Return the CRC-32 of what stands before it."""
    return _in_digits(zlib.crc32(begun.encode("ascii")), _CHECKSUM_DIGITS)


def _in_digits(number: int, length: int) -> str:
    """Return a number in base 62, with zeros before it."""
    digits = []
    for _place in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))

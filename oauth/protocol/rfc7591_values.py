"""RFC 7591 section 2: how the values of client metadata are read, each into the type that the rules know."""

import re
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_noop

from oauth.conf import LONGEST_CLIENT_NAME, LONGEST_URI, MOST_KEYS
from trust.keys.foreign_jwk import PRIVATE_MEMBERS

Choice = TypeVar("Choice", bound=Enum)
# Controls, what turns or breaks the line around it, and what nobody sees: a name stands on our pages among our own
# words. Joiners may be: scripts need them.
_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u061c\u200b\u200e\u200f\u2060-\u2064\ufeff]"
)
_URI: Final = re.compile(r"[\x21\x23-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E]*")  # RFC 3986 section 2


class Malformed(Exception):
    """A member's value is of the wrong type, or not one of those that there are."""

    def __init__(self, message: str, value: object = "") -> None:
        """Keep what is wrong with which value."""
        super().__init__(message)
        self.message, self.value = message, str(value)


def text(value: object) -> str:
    """Read a text of one line."""
    if not isinstance(value, str) or len(value) > LONGEST_CLIENT_NAME or _CONTROL.search(value):
        raise Malformed(gettext_noop("must be a text of one line"))
    return value.strip()


def texts(value: object) -> tuple[str, ...]:
    """Read a list of texts, each once."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise Malformed(gettext_noop("must be a list of texts"))
    return tuple(dict.fromkeys(value))


def words(value: object) -> tuple[str, ...]:
    """Read a list of texts without spaces."""
    read = texts(value)
    if any(not one or len(one) > LONGEST_CLIENT_NAME or re.search(r"\s", one) for one in read):
        raise Malformed(gettext_noop("must be a list of texts without spaces"))
    return read


def names(value: object) -> tuple[str, ...]:
    """Read scopes: a text with spaces between them (RFC 7591 section 2, scope), or a list."""
    return texts(value.split() if isinstance(value, str) else value)


def uri(value: object) -> str:
    """Read a URI, or nothing; whether it may be so is for the rules."""
    if not isinstance(value, str) or len(value) > LONGEST_URI or not _URI.fullmatch(value):
        raise Malformed(gettext_noop("must be a URI"))
    return value


def uris(value: object) -> tuple[str, ...]:
    """Read a list of URIs."""
    return tuple(uri(one) for one in texts(value))


def one_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """Return what reads one of these choices."""

    def read_one(value: object) -> Choice:
        for choice in choices:
            if value and choice.value == value:
                return choice
        raise Malformed(gettext_noop("is not known here"), value)

    return read_one


def one_of_or_none(choices: type[Choice]) -> Callable[[object], Choice]:
    """Return what reads one of these choices, of which the empty one says none."""
    read_one = one_of(choices)
    return lambda value: choices("") if value == "" else read_one(value)


def some_of(choices: type[Choice]) -> Callable[[object], tuple[Choice, ...]]:
    """Return what reads a list of these choices."""
    return lambda value: tuple(one_of(choices)(one) for one in texts(value))


def algorithm(known: Collection[str]) -> Callable[[object], str]:
    """Return what reads the name of one of these algorithms, or nothing."""

    def read_one(value: object) -> str:
        if value == "" or value in known:
            return str(value)
        raise Malformed(gettext_noop("is not known here"), value)

    return read_one


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Malformed(gettext_noop("must be true or false"))
    return value


def seconds(value: object) -> int:
    """Read a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise Malformed(gettext_noop("must be a number of seconds"))
    return value


def seconds_or_none(value: object) -> int | None:
    """Read a number of seconds, or none."""
    return None if value is None else seconds(value)


def key_set(value: object) -> Mapping[str, Any] | None:
    """Read a JWK set of public keys (RFC 7517 section 5), or none."""
    if value is None:
        return None
    keys = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= MOST_KEYS:
        raise Malformed(gettext_noop("must be a JWK set"))
    if not all(isinstance(key, dict) and isinstance(key.get("kty"), str) for key in keys):
        raise Malformed(gettext_noop("must be a JWK set"))
    if any(PRIVATE_MEMBERS & key.keys() for key in keys):
        raise Malformed(gettext_noop("has a private key: make a new one, and keep it to yourself"))
    return {"keys": keys}


def sources(value: object) -> Mapping[str, str]:
    """Read claims by name, each with what it is taken from."""
    if not isinstance(value, dict) or not all(isinstance(source, str) for source in value.values()):
        raise Malformed(gettext_noop("must be an object of claims and their sources"))
    return {str(name): source for name, source in value.items()}

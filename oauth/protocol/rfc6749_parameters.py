"""RFC 6749 sections 3.1, 3.2 and appendix B: parameters, each at most once, empty ones as if they were not there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from oauth.conf import LONGEST_PARAMETER, LONGEST_REQUEST_OBJECT
from oauth.errors import InvalidRequest
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_MOST = 60  # parameters of one request
_LONGER = {"request": LONGEST_REQUEST_OBJECT}
_NAME = re.compile(r"[a-z_]{1,32}")
_UNREADABLE = Finding(found=Found.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one request. `repeated` are those that came more than once, each with all its values."""

    values: Mapping[str, str]
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return a parameter, or an empty string: one without a value is as if it were not sent."""
        return self.values.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter that may come more than once; empty ones are as if they were not sent."""
        values = self.repeated.get(name) or (self.get(name),)
        return tuple(dict.fromkeys(value for value in values if value))

    def required(self, name: str) -> str:
        """Return a parameter. Raises InvalidRequest if it is not there."""
        value = self.get(name)
        if not value:
            finding = Finding(found=Found.PARAMETER_MISSING, about=name)
            raise InvalidRequest(f"The parameter {name} is missing.", finding=finding)
        return value

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.values)

    def check_once(self) -> None:
        """Raise InvalidRequest if any parameter came more than once (`resource` may: RFC 8707 section 2)."""
        if self.repeated and self.repeated.keys() - {"resource"}:
            finding = Finding(found=Found.PARAMETER_REPEATED, about=_named(self.repeated))
            raise InvalidRequest("A parameter came more than once.", finding=finding)


def parse(encoded: str) -> Parameters:
    """Return the parameters of a query or of a form body. Raises InvalidRequest for what cannot be read."""
    try:
        pairs = _pairs(encoded)
    except ValueError as malformed:
        raise InvalidRequest("The parameters cannot be read.", finding=_UNREADABLE) from malformed
    if "\0" in encoded or ("%00" in encoded and any("\0" in value for _, value in pairs)):
        raise InvalidRequest("A parameter has a character that it may not have.", finding=_UNREADABLE)
    if len(encoded) > LONGEST_PARAMETER and any(
        len(value) > _LONGER.get(name, LONGEST_PARAMETER) for name, value in pairs
    ):
        raise InvalidRequest("A parameter is too long.", finding=Finding(found=Found.PARAMETER_TOO_LONG))
    values = dict(pairs)
    if len(values) == len(pairs):
        return Parameters(values)
    came = {name: tuple(value for one, value in pairs if one == name) for name in values}
    return Parameters(values, {name: all_of_it for name, all_of_it in came.items() if len(all_of_it) > 1})


def _named(names: Iterable[str]) -> str:
    """Return parameters by name, those alone whose names look like one: others are what somebody sent."""
    return ", ".join(sorted(name for name in names if _NAME.fullmatch(name)))


def _pairs(encoded: str) -> list[tuple[str, str]]:
    """Return names and values, empty ones too (URL standard section 5.1), of UTF-8 alone. Raises ValueError."""
    parts = encoded.split("&")
    if len(parts) > _MOST:
        raise ValueError("too many parameters")
    taken = [part.partition("=") for part in parts if part]
    if "%" not in encoded and "+" not in encoded:
        return [(name, value) for name, _, value in taken]
    return [(_decoded(name), _decoded(value)) for name, _, value in taken]


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return unquote(text, errors="strict") if "%" in text else text

"""Where two texts differ, pointed at, and in the words of addresses: what a redirect URI has that the other has not."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


def first(came: str, expected: str) -> int:
    """Return the place of the first character in which two texts differ: the shorter one's length if it ends there."""
    pairs = zip(came, expected, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(came), len(expected)))


def in_words(came: str, expected: str) -> list[str | Promise]:
    """Say in which parts two addresses differ."""
    if came == expected:
        return [_("What is not shown here differs: the value of a parameter, or what looks like a secret.")]
    try:
        one, other = urlsplit(came), urlsplit(expected)
        ports = one.port, other.port
    except ValueError:
        return [_("It is no address.")]
    return list(_differences(one, other, ports)) or [_("Some characters differ.")]


def _differences(one: SplitResult, other: SplitResult, ports: tuple[int | None, int | None]) -> Iterator[str | Promise]:
    if one.scheme != other.scheme:
        yield _("The scheme differs: %(came)s came, %(expected)s is registered.") % _both(one.scheme, other.scheme)
    if one.hostname != other.hostname:
        yield from _hosts(one.hostname or "", other.hostname or "")
    if ports[0] != ports[1]:
        yield _("The port differs: %(came)s came, %(expected)s is registered.") % _both(ports[0], ports[1])
    if one.path != other.path:
        yield from _paths(one.path, other.path)
    if one.query != other.query:
        yield _("The query differs: parameters belong into state, not into the redirect_uri.")
    if one.fragment != other.fragment:
        yield _("A redirect_uri has no fragment (#).")


def _hosts(came: str, expected: str) -> Iterator[str | Promise]:
    if {came, expected} <= _LOOPBACK:
        yield _("localhost and the address of loopback are not the same here.")
    elif came.removeprefix("www.") == expected.removeprefix("www."):
        yield _("One host has www. before it.")
    else:
        yield _("The host differs.")


def _paths(came: str, expected: str) -> Iterator[str | Promise]:
    bare, registered = came.rstrip("/"), expected.rstrip("/")
    if bare.casefold() != registered.casefold():
        yield _("The path differs.")
        return
    if bare != registered:
        yield _("Upper and lower case differ in the path.")
    if came[len(bare) :] != expected[len(registered) :]:
        yield _("The slash at the end differs.")


def _both(came: object, expected: object) -> dict[str, object]:
    none = _("none")
    return {"came": came or none, "expected": expected or none}

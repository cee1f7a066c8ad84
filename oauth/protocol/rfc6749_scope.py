"""RFC 6749 section 3.3: scopes, never wider than the client is registered for."""

import re
from collections.abc import Iterable
from typing import Final

from oauth.errors import InvalidScope

_SCOPE_TOKEN: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


def granted(asked: str, *, allowed: Iterable[str], default: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the scopes of a request, each once, in the order asked; `default` if none was asked.

    Raises InvalidScope for a malformed scope and for one that the client may not have.
    """
    names = tuple(dict.fromkeys(asked.split(" "))) if asked else tuple(default)
    permitted = frozenset(allowed)
    for name in names:
        if not _SCOPE_TOKEN.fullmatch(name) or name not in permitted:
            raise InvalidScope
    return names


def is_scope_token(name: str) -> bool:
    """Tell whether a name may be a scope at all."""
    return _SCOPE_TOKEN.fullmatch(name) is not None


def narrowed(asked: str, *, granted_before: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes of a refresh: those asked for, of those granted before (RFC 6749 section 6)."""
    before = tuple(granted_before)
    return granted(asked, allowed=before, default=before)

"""RFC 6749 section 3.3: scopes, never wider than the client is registered for."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from django.utils.translation import gettext_noop

from oauth.conf import LONGEST_SCOPE, LONGEST_SCOPE_DESCRIPTION, LONGEST_SCOPE_TITLE
from oauth.errors import InvalidScope
from oauth.protocol import rfc7591_values
from oauth.protocol.rfc7591_metadata import Problem
from oauth.protocol.rfc7591_values import Malformed
from oauth.scope_description import ScopeDescription
from oauth.vocabulary import NEVER_PERSONAL
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

_WORDS: Final = ("title_en", "title_ko", "description_en", "description_ko")
_SCOPE_TOKEN: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")


def granted(asked: str, *, allowed: Iterable[str], default: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the scopes of a request, each once, in the order asked; `default` if none was asked.

    Raises InvalidScope for a malformed scope and for one that the client may not have.
    """
    names = tuple(dict.fromkeys(asked.split(" "))) if asked else tuple(default)
    permitted = frozenset(allowed)
    for name in names:
        if not _SCOPE_TOKEN.fullmatch(name) or name not in permitted:
            raise InvalidScope(finding=_beyond(names, permitted))
    return names


def _beyond(names: Iterable[str], permitted: Collection[str]) -> Finding:
    came = " ".join(name for name in names if name not in permitted)
    return Finding(found=Found.SCOPE_NOT_ALLOWED, came=came, expected=" ".join(sorted(permitted)))


def is_scope_token(name: str) -> bool:
    """Tell whether a name may be a scope at all."""
    return _SCOPE_TOKEN.fullmatch(name) is not None


def narrowed(asked: str, *, granted_before: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes of a refresh: those asked for, of those granted before (RFC 6749 section 6)."""
    before = tuple(granted_before)
    return granted(asked, allowed=before, default=before)


def problems_of(scope: ScopeDescription) -> list[Problem]:
    """Return what is wrong with a scope that somebody describes: its name, and words that people cannot read."""
    problems = []
    if not is_scope_token(scope.name) or len(scope.name) > LONGEST_SCOPE:
        problems.append(Problem("name", gettext_noop("is not a scope"), scope.name))
    if scope.is_personal and scope.name in NEVER_PERSONAL:
        problems.append(Problem("is_personal", gettext_noop("is of a sign-in, which such a token is not"), scope.name))
    longest = {"title": LONGEST_SCOPE_TITLE, "description": LONGEST_SCOPE_DESCRIPTION}
    for member in _WORDS:
        problems += problems_of_words(member, getattr(scope, member), longest=longest[member.partition("_")[0]])
    return problems


def problems_of_words(member: str, value: str, *, longest: int) -> list[Problem]:
    """Return what is wrong with words that stand on our pages, among our own."""
    try:
        rfc7591_values.text(value)
    except Malformed as malformed:
        return [Problem(member, malformed.message)]
    return [Problem(member, gettext_noop("is too long"))] if len(value) > longest else []

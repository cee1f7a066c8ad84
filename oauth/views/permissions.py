"""What a client asks for, in words that people read: by the API that it opens, in the language of the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oauth.scope_description import Catalogue, ResourceDescription, ScopeDescription
from oauth.services import scopes
from oauth.vocabulary import OWN_CLAIM, SCOPE_WORDS

_KOREAN = "ko"


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that is allowed, by the name that it is asked for, and more about it where there is more to say."""

    name: str
    title: str | Promise
    description: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """Those that belong together: under the name of their API, or the names of several, or under none."""

    resource: str
    listed: list[Permission]


def in_words(names: Iterable[str]) -> list[Permissions]:
    """Return what a consent names, each once: first what is of no API, then API by API, in the order that was asked.

    What opens several APIs stands under the names of all of them.
    """
    known, is_korean = scopes.catalogue(), is_page_korean()
    groups: dict[tuple[int, ...], list[Permission]] = {}
    for name in dict.fromkeys(names):
        opens = tuple(number for number, resource in enumerate(known.resources) if name in resource.scopes)
        groups.setdefault(opens, []).append(_permission(name, known, is_korean=is_korean))
    return [
        Permissions(", ".join(_name(known.resources[number], is_korean=is_korean) for number in opens), groups[opens])
        for opens in sorted(groups)
    ]


def is_page_korean() -> bool:
    """Tell whether the page that is made now speaks Korean."""
    return (get_language() or "").startswith(_KOREAN)


def title_of(scope: ScopeDescription, *, is_korean: bool) -> str | Promise:
    """Return what a scope allows: in the words chosen for it, in the house's own, or by its name."""
    chosen = scope.title_ko if is_korean else scope.title_en
    return chosen or SCOPE_WORDS.get(scope.name) or scope.title_en or _by_name(scope.name)


def _permission(name: str, known: Catalogue, *, is_korean: bool) -> Permission:
    if name.startswith(OWN_CLAIM):
        return Permission(name, _("See your “%(name)s”") % {"name": name.removeprefix(OWN_CLAIM)}, "")
    scope = known.scopes.get(name, ScopeDescription(name=name))
    more = scope.description_ko if is_korean else ""
    return Permission(name, title_of(scope, is_korean=is_korean), more or scope.description_en)


def _name(resource: ResourceDescription, *, is_korean: bool) -> str:
    return (is_korean and resource.name_ko) or resource.name_en


def _by_name(name: str) -> str:
    return _("Use the permission “%(name)s”") % {"name": name}

"""The scopes and the types of authorization details that a form offers: all that there are, each with its words."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from oauth.scope_description import ScopeDescription
from oauth.services import authorization_detail_types, scopes
from oauth.views.permissions import is_page_korean, title_of


def scope_choices(also: Iterable[str] = ()) -> list[tuple[str, SafeString]]:
    """Return the choices, with those that a client has already and that are nowhere described."""
    known = scopes.read().scopes
    others = {name: ScopeDescription(name=name) for name in also if name not in known}
    is_korean = is_page_korean()
    return [
        (name, format_html("<code>{}</code> {}", name, _words(scope, is_korean=is_korean)))
        for name, scope in {**known, **others}.items()
    ]


def detail_type_choices(also: Iterable[str] = ()) -> list[tuple[str, SafeString]]:
    """Return the choices of types, with those that a client has already and that are there no more."""
    known = authorization_detail_types.read()
    is_korean = is_page_korean()
    titles = {name: (is_korean and one.title_ko) or one.title_en for name, one in known.items()}
    return [
        (name, format_html("<code>{}</code> {}", name, titles.get(name, ""))) for name in dict.fromkeys([*known, *also])
    ]


def _words(scope: ScopeDescription, *, is_korean: bool) -> object:
    """Return what people read of it; a scope without words is told by its name alone."""
    return title_of(scope, is_korean=is_korean) if scope.is_built_in or scope.title_en or scope.title_ko else ""

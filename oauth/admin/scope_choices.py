"""The scopes that a form offers: all that there are, each with what people read of it."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from oauth.scope_description import ScopeDescription
from oauth.services import scopes
from oauth.views.permissions import title_of


def scope_choices(also: Iterable[str] = ()) -> list[tuple[str, SafeString]]:
    """Return the choices, with those that a client has already and that are nowhere described."""
    known = scopes.read().scopes
    others = {name: ScopeDescription(name=name) for name in also if name not in known}
    is_korean = (get_language() or "").startswith("ko")
    return [
        (name, format_html("<code>{}</code> {}", name, _words(scope, is_korean=is_korean)))
        for name, scope in {**known, **others}.items()
    ]


def _words(scope: ScopeDescription, *, is_korean: bool) -> object:
    """Return what people read of it; a scope without words is told by its name alone."""
    return title_of(scope, is_korean=is_korean) if scope.is_built_in or scope.title_en or scope.title_ko else ""

"""Every address that the site answers, found in its own urlconf, so that a new one is tested as soon as it stands."""

import re
import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

_FILLED: Final = {
    "session_id": str(uuid.UUID(int=7)),
    "object_id": str(uuid.UUID(int=7)),
    "content_type_id": "1",
    "app_label": "accounts",
    "uidb36": "1",
    "key": "a-key",
    "url": "somewhere",
    "pk": "1",
    "client_pk": "1",
}


def paths() -> list[str]:
    """Return one path for each pattern of the site."""
    return sorted(set(_walk(get_resolver(), "/")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + _filled(str(entry.pattern), entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


def _filled(route: str, pattern: Any) -> str:
    if hasattr(pattern, "_route"):
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda named: _FILLED.get(named[1], "nonesuch"), route)
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda named: _FILLED.get(named[1], "nonesuch"), route)
    return text.removeprefix("^").removesuffix("$").removesuffix("\\Z").removesuffix("/?")

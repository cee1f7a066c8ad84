"""Text is UTF-8: a charset that the client names would decode what was checked as UTF-8 into something else.

Django believes the content type as soon as it makes a request of it, before any middleware; so this stands before
Django, where the server starts (wsgi.py), and again among the middleware for who starts it otherwise.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.utils.http import parse_header_parameters

_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii"})
_BODY: Final = b"Only UTF-8 is understood.\n"
_HEADERS: Final = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": str(len(_BODY)),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class CharsetGuard:
    """Answers 415 to a request in another charset than UTF-8 (RFC 9110 section 15.5.16)."""

    def __init__(self, application: WsgiApplication) -> None:
        """Keep the application."""
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Refuse, or pass the request on."""
        if is_utf8(environ.get("CONTENT_TYPE", "")):
            return self.application(environ, start_response)
        start_response("415 Unsupported Media Type", [*_HEADERS.items()])
        return [_BODY]


def is_utf8(content_type: str) -> bool:
    """Tell whether a content type says UTF-8, or nothing of it."""
    # Neither a charset nor a parameter of RFC 2231, which names one for its own value.
    if "charset" not in content_type.lower() and "*" not in content_type:
        return True
    try:
        named = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except ValueError:
        return False
    return named.lower() in _UTF8

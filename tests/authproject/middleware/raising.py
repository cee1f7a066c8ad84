"""A site whose views and middleware raise what ours may, for the tests of the refusals."""

from collections.abc import Callable
from typing import Any

from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from psycopg.errors import ReadOnlySqlTransaction

from authproject.urls import handler400, handler403, handler404, handler500
from trust.lib.busy import Busy
from trust.limits.errors import LimitExceeded
from trust.revocation.feed import FeedUnreadable

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def _caused_by(cause: Exception, error: Exception) -> Exception:
    error.__cause__ = cause
    return error


RAISED: dict[str, Exception] = {
    "limit": LimitExceeded(17),
    "busy": Busy(3),
    "feed": FeedUnreadable(),
    "connection": OperationalError("connection refused"),
    "closed": InterfaceError("connection already closed"),
    "read-only": _caused_by(
        ReadOnlySqlTransaction(), InternalError("cannot execute UPDATE in a read-only transaction")
    ),
    "too-long": DataError("value too long for type character varying(64)"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "huge": OverflowError("Python int too large to convert to SQLite INTEGER"),
    "bug": KeyError("a secret detail"),
}


def _raises(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


class RaisingMiddleware:
    """Raises before any view, as a session that cannot be read does."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        raise RAISED[request.GET["name"]]


urlpatterns = [path(f"{prefix}<slug:name>", _raises) for prefix in ("", "api/", "oauth/", "oauth/authorize/")]

"""Which exceptions are refusals and not bugs: limits, a busy or unreachable part, input that cannot be meant."""

from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import UnreadablePostError

from trust.guard import refusal_of as guarded
from trust.guard.refusal import Refusal
from trust.lib.busy import Busy
from trust.limits.errors import LimitExceeded
from trust.revocation.conf import RETRY_AFTER_SECONDS
from trust.revocation.feed import FeedUnreadable

BAD_INPUT: Final = Refusal(status=400, code="invalid_request")
FORBIDDEN: Final = Refusal(status=403, code="permission_denied")
NOT_FOUND: Final = Refusal(status=404, code="not_found")
BODY_TOO_LARGE: Final = Refusal(status=413, code="content_too_large")
URL_TOO_LONG: Final = Refusal(status=414, code="uri_too_long")
CHARSET: Final = Refusal(status=415, code="unsupported_media_type")
HEADERS_TOO_LARGE: Final = Refusal(status=431, code="headers_too_large")
SERVER_ERROR: Final = Refusal(status=500, code="server_error")
# Of PostgreSQL: a server that takes no writes, as it is in the midst of a failover, or where its disk is full.
_READ_ONLY_SQLSTATE: Final = "25006"
UNAVAILABLE: Final = Refusal(status=503, code="temporarily_unavailable", retry_after=RETRY_AFTER_SECONDS)


def refusal_of(error: BaseException | None) -> Refusal | None:
    """Return how an exception is answered, or None if it is a bug, or Django's to answer."""
    if isinstance(error, LimitExceeded | Busy | RequestDataTooBig | FeedUnreadable):
        return guarded.refusal_of(error)
    if _is_out_of_reach(error):
        return UNAVAILABLE
    return BAD_INPUT if _is_bad_input(error) else None


def _is_out_of_reach(error: BaseException | None) -> bool:
    """Tell whether a part that is needed cannot be reached, the database above all.

    SQLite calls wrong SQL and a missing table operational too, by its general code: those are bugs.
    """
    if isinstance(error, OperationalError):
        return getattr(error.__cause__, "sqlite_errorname", "") != "SQLITE_ERROR"
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", "") == _READ_ONLY_SQLSTATE
    return isinstance(error, InterfaceError)


def _is_bad_input(error: BaseException | None) -> bool:
    """Tell whether the input could not be kept or decoded: too long, out of range, NUL, half a character."""
    if isinstance(error, UnreadablePostError | DataError | UnicodeError | OverflowError):
        return True
    text = str(error) if isinstance(error, ValueError) else ""
    return any(word in text for word in ("NUL", "null byte", "null character"))

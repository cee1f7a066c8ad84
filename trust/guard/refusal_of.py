"""Which exceptions are refusals and how each is said. What is not here is a bug, and Django answers and logs it."""

from functools import singledispatch
from math import ceil
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions

from trust.guard.exceptions import Refused
from trust.guard.messages import message_of
from trust.guard.refusal import Refusal
from trust.lib.busy import Busy
from trust.lib.strict_json import MalformedJson
from trust.limits.errors import LimitExceeded
from trust.revocation.conf import RETRY_AFTER_SECONDS
from trust.revocation.feed import FeedUnreadable

# DRF writes what the client sent into these; our own sentences do not repeat it.
_ECHOING: Final = (exceptions.MethodNotAllowed, exceptions.UnsupportedMediaType, exceptions.NotAcceptable)


@singledispatch
def refusal_of(error: Exception) -> Refusal | None:
    """Return how an exception is answered, or None if it is not a refusal but a bug."""
    return None


@refusal_of.register
def _refused(error: Refused) -> Refusal | None:
    return error.refusal


@refusal_of.register
def _drf(error: exceptions.APIException) -> Refusal | None:
    code = _code(error)
    return Refusal(status=error.status_code, code=code, detail=_own_words(error, code))


@refusal_of.register(exceptions.AuthenticationFailed)
@refusal_of.register(exceptions.NotAuthenticated)
def _unauthenticated(error: exceptions.APIException) -> Refusal | None:
    """Answer 401 also where a view has no authenticators, which DRF would make a 403."""
    code = _code(error)
    return Refusal(status=401, code=code, detail=_own_words(error, code))


@refusal_of.register
def _validation(error: exceptions.ValidationError) -> Refusal | None:
    errors = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    return Refusal(status=400, code="invalid", extra={"errors": errors})


@refusal_of.register
def _throttled(error: exceptions.Throttled) -> Refusal | None:
    return Refusal(status=429, code="throttled", retry_after=max(1, ceil(getattr(error, "wait", None) or 1)))


@refusal_of.register
def _limited(error: LimitExceeded) -> Refusal | None:
    return Refusal(status=429, code="throttled", retry_after=error.retry_after)


@refusal_of.register
def _busy(error: Busy) -> Refusal | None:
    return Refusal(status=503, code="temporarily_unavailable", retry_after=error.retry_after)


@refusal_of.register
def _feed_unreadable(error: FeedUnreadable) -> Refusal | None:
    return Refusal(status=503, code="temporarily_unavailable", retry_after=RETRY_AFTER_SECONDS)


@refusal_of.register
def _not_found(error: Http404) -> Refusal | None:
    return Refusal(status=404, code="not_found")


@refusal_of.register
def _forbidden(error: PermissionDenied) -> Refusal | None:
    return Refusal(status=403, code="permission_denied")


@refusal_of.register
def _too_large(error: RequestDataTooBig) -> Refusal | None:
    return Refusal(status=413, code="content_too_large")


@refusal_of.register(exceptions.ParseError)
@refusal_of.register(MalformedJson)
def _malformed(error: Exception) -> Refusal | None:
    return Refusal(status=400, code="parse_error")


@refusal_of.register(SuspiciousOperation)
@refusal_of.register(UnreadablePostError)
def _suspicious(error: Exception) -> Refusal | None:
    return Refusal(status=400, code="invalid_request")


def _code(error: exceptions.APIException) -> str:
    if isinstance(error.detail, dict):  # as SimpleJWT raises it
        return str(error.detail.get("code") or error.default_code)
    return str(getattr(error.detail, "code", None) or error.default_code)


def _own_words(error: exceptions.APIException, code: str) -> str:
    """Return what the raiser said; nothing if that is only the library's sentence and we have one of our own."""
    detail: Any = error.detail.get("detail", "") if isinstance(error.detail, dict) else error.detail
    is_librarys = isinstance(error, _ECHOING) or isinstance(detail, list) or str(detail) == str(error.default_detail)
    return "" if is_librarys and message_of(code) else str(detail)

"""The guard of the input: what no honest client sends is refused before anything reads it, so never a 500.

Names and addresses end in the database and in logs, where NUL and broken UTF-8 are errors; bodies are parsed, and
depth and size cost the parser. The checks are searches in bytes, not parsing: a few microseconds each.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from authproject.middleware import charset, json_shape
from authproject.refusals import (
    BAD_INPUT,
    BODY_TOO_LARGE,
    CHARSET,
    HEADERS_TOO_LARGE,
    URL_TOO_LONG,
)
from authproject.views.errors import render_refusal
from trust.guard.refusal import Refusal
from trust.lib.settled import settled

LONGEST_URL: Final = 8 * 1024  # characters, path and query together
LARGEST_HEADERS: Final = 16 * 1024  # characters, all values together
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class InputGuardMiddleware:
    """Refuses malformed and oversized requests with a 4xx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or pass the request on."""
        refusal = refusal_of_head(request) or refusal_of_body(request)
        return render_refusal(request, refusal) if refusal else self.get_response(request)


def refusal_of_head(request: HttpRequest) -> Refusal | None:
    """Return what is wrong with the address or the headers, if anything."""
    meta = request.META
    path, query = meta.get("PATH_INFO", ""), meta.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST_URL:
        return URL_TOO_LONG
    headers = "".join([value for name, value in meta.items() if name.startswith("HTTP_")])
    if len(headers) > LARGEST_HEADERS:
        return HEADERS_TOO_LARGE
    if "\0" in path or "\0" in headers or (query and not is_form(_raw(query))):
        return BAD_INPUT
    return None if charset.is_utf8(meta.get("CONTENT_TYPE", "")) else CHARSET


def refusal_of_body(request: HttpRequest) -> Refusal | None:
    """Return what is wrong with the body, if anything; one that is too long is not read."""
    length = declared_length(request.META.get("CONTENT_LENGTH") or "0")
    if length is None:
        return BAD_INPUT
    if length > longest_body():
        return BODY_TOO_LARGE
    return None if length == 0 or _is_sound(request) else BAD_INPUT


@settled(1)
def longest_body() -> int:
    """Return how many bytes a body may have."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0


@lru_cache(256)
def declared_length(text: str) -> int | None:
    """Return how long a body says that it is, or None if that is no number; of a number without end its beginning."""
    return int(text[:20]) if text.isascii() and text.isdigit() else None


def _is_sound(request: HttpRequest) -> bool:
    """Judge a body by the kind that it says it is; kinds that nobody here parses are not read."""
    match request.content_type:
        case "application/x-www-form-urlencoded":
            return is_form(request.body)
        case "multipart/form-data":
            return _is_plain_multipart(request.body)
        case str(kind) if kind.endswith("json"):
            return json_shape.is_sound(request.body)
    return True


def is_form(raw: bytes) -> bool:
    """Tell whether a query or a form decodes to UTF-8 without NUL, in a sensible number of parameters."""
    if raw.count(b"&") >= (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0):
        return False
    if b"%" not in raw:
        return b"\0" not in raw and (raw.isascii() or json_shape.is_utf8(raw))
    if _BAD_ESCAPE.search(raw):
        return False
    decoded = unquote_to_bytes(raw)
    return b"\0" not in decoded and json_shape.is_utf8(decoded)


def _is_plain_multipart(raw: bytes) -> bool:
    """Tell whether all parts are text: we take no files, and RFC 7578 section 4.7 deprecates encodings of parts."""
    return b"\0" not in raw and json_shape.is_utf8(raw) and b"content-transfer-encoding" not in raw.lower()


def _raw(query: str) -> bytes:
    return query.encode("latin-1", "replace")

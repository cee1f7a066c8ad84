"""The lane's gate: only what is so plain that no middleware would refuse or change it; the rest is Django's."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from authproject.lane.routes import Route
from authproject.middleware import json_shape
from authproject.middleware.input_guard import LARGEST_HEADERS, declared_length, is_form, longest_body
from trust.lib.settled import settled

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
# What a body may say that it is, as clients write it; other ways of writing it are for Django to read.
_WAYS: Final = ("{}", "{};charset=UTF-8", "{}; charset=UTF-8", "{};charset=utf-8", "{}; charset=utf-8")
_MEDIA_TYPES: Final = {way.format(media_type): media_type for media_type in (_FORM, _JSON) for way in _WAYS}
_TAKEN: Final = frozenset({_JSON, "application/*", "*/*"})
# A cookie may choose the language; the others change how a body is read or an answer is given.
_FOR_DJANGO: Final = frozenset({"cookie", "transfer-encoding", "expect", "range", "content-encoding"})


def is_plain(route: Route, method: str, query: str, scheme: str, headers: Mapping[str, str]) -> bool:
    """Tell whether the lane may take a request, by its head. `headers` has lower-case names, each once."""
    if query or method not in route.methods or not _FOR_DJANGO.isdisjoint(headers):
        return False
    values = "".join(headers.values())
    if len(values) > LARGEST_HEADERS or not values.isascii() or "\0" in values:
        return False
    if route.minds_accept and not _takes_json(headers.get("accept")):
        return False
    is_secure = (headers.get("x-forwarded-proto") if _behind_proxies() else scheme) == "https" or not _only_secure()
    return is_secure and _is_ours(headers.get("host", "")) and _has_plain_body(method, headers)


def is_sound(headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether a body is what the guard of the input lets through, and as long as it said."""
    if len(body) != declared_length(headers.get("content-length", "0")):
        return False
    if not body:
        return True
    media_type = _MEDIA_TYPES[headers["content-type"]]
    return is_form(body) if media_type == _FORM else json_shape.is_sound(body)


def _has_plain_body(method: str, headers: Mapping[str, str]) -> bool:
    kind, length = headers.get("content-type"), declared_length(headers.get("content-length", "0"))
    if kind is not None and kind not in _MEDIA_TYPES:  # a charset is refused where there is no body too
        return False
    if length == 0:
        return True
    if kind is None or method != "POST" or length is None:
        return False
    return length <= longest_body()


@lru_cache(64)
def _takes_json(accept: str | None) -> bool:
    """Tell whether a client takes JSON, and says so plainly (RFC 9110 section 12.5.1)."""
    if accept is None:
        return True
    return ";" not in accept and not _TAKEN.isdisjoint(kind.strip() for kind in accept.split(","))


@settled(1)
def _only_secure() -> bool:
    """Tell whether SecurityMiddleware wants HTTPS."""
    return settings.SECURE_SSL_REDIRECT


@settled(1)
def _behind_proxies() -> bool:
    """Tell whether it is proxies that say how a request came."""
    return bool(settings.TRUSTED_PROXY_COUNT)


@settled(64)
def _is_ours(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)

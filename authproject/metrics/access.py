"""Who may scrape: with METRICS_TOKEN whoever presents it, without it whoever is on this machine."""

import ipaddress
import re
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from authproject.refusals import FORBIDDEN
from trust.guard.challenge import Challenge
from trust.guard.refusal import Refusal, of_challenge

_BEARER: Final = re.compile(r"bearer +([\x21-\x7e]+) *\Z", re.IGNORECASE)  # RFC 6750 section 2.1
_LOCAL_NAME: Final = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?\Z", re.IGNORECASE)
_PROXIES: Final = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


def refusal_of(request: HttpRequest) -> Refusal | None:
    """Return how a scrape is refused, or None if it may be answered. A token counts in its header alone."""
    if settings.METRICS_TOKEN:
        return _refusal_of_token(request.META.get("HTTP_AUTHORIZATION", ""))
    return None if _is_local(request) else FORBIDDEN


def _refusal_of_token(authorization: str) -> Refusal | None:
    found = _BEARER.match(authorization)
    if found is None:
        return of_challenge(Challenge())
    if secrets.compare_digest(found[1].encode(), settings.METRICS_TOKEN.encode()):
        return None
    return of_challenge(Challenge(error="invalid_token"))


def _is_local(request: HttpRequest) -> bool:
    """Tell whether a request comes from this machine, and not through a proxy on it.

    A proxy here calls from loopback for all the world. It shows by what it adds: X-Forwarded-For must be absent
    where no proxy is trusted, and name nobody but loopback where some are, however many. And by Host, which a proxy
    passes on; the pages of a browser on this machine cannot send a name of loopback either, wherever they resolve to.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    if (forwarded is not None and not settings.TRUSTED_PROXY_COUNT) or any(name in request.META for name in _PROXIES):
        return False
    hops = [request.META.get("REMOTE_ADDR", ""), *(forwarded.split(",") if forwarded is not None else [])]
    return all(map(_is_loopback, hops)) and _LOCAL_NAME.match(request.META.get("HTTP_HOST", "")) is not None


def _is_loopback(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback

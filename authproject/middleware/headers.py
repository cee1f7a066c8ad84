"""The headers of every answer that neither Django nor django-csp gives, and the id of the request."""

import re
import secrets
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from authproject import logs
from trust.guard.access import NONCE

# Nothing that our pages need, but for passkeys on our own pages.
PERMISSIONS_POLICY: Final = ", ".join(
    [
        *(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class SecurityHeadersMiddleware:
    """Gives each request an id, and each answer headers; a view's own choice is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with our headers; what did not choose how it is cached is not stored (RFC 9111 section 5.2.2.5)."""
        request_id = request_id_of(request.META.get("HTTP_X_REQUEST_ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        logs.request_id.set(request_id)
        response = self.get_response(request)
        headers = response.headers
        headers["X-Request-ID"] = request_id
        if nonce := request.META.get(NONCE):
            headers["DPoP-Nonce"] = nonce
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


def request_id_of(given: str) -> str:
    """Take the id that a proxy gave, if it is plainly an id: it goes into our logs and back to the client."""
    return given if _REQUEST_ID.match(given) else secrets.token_hex(16)

"""The authorization request that a browser is in the middle of, kept in Django's session.

Pages on the way must let their form end at the client (CSP form-action governs the redirect after a POST) and
must leave a popup its opener (COOP); and a new sign-in that a request asked for is met by one after the asking.
"""

import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action
from trust.lib import clock

_KEY: Final = "pending_authorization"
_REMEMBERED_SECONDS: Final = 3600


def begin(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Remember the request while its person signs in; when it was first asked stays."""
    if request.session.get(_KEY, {}).get("request") == _digest(request):
        return
    request.session[_KEY] = {
        "request": _digest(request),
        "form_action": form_action(checked.redirect_uri),
        "at": time.time(),
    }


def asked_at(request: HttpRequest) -> datetime | None:
    """Return when this very request sent its person to sign in, if it did."""
    known = _known(request)
    if known is None or known["request"] != _digest(request):
        return None
    return clock.from_epoch(known["at"])


def finish(request: HttpRequest) -> None:
    """Forget the request: it was answered."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        request.session.pop(_KEY, None)


def let_end_at(response: HttpResponse, source: str) -> HttpResponse:
    """Let the forms of a page end at a client, and leave a popup its opener."""
    response._csp_update = {"form-action": [source]}  # type: ignore[attr-defined]
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


class PendingAuthorizationMiddleware:
    """Opens the sign-in pages to the client of the pending request, and to no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a page on the way to a client may end there."""
        response = self.get_response(request)
        known = _known(request) if request.path.startswith("/accounts/") else None
        return let_end_at(response, known["form_action"]) if known else response


def _known(request: HttpRequest) -> dict[str, Any] | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    known: dict[str, Any] | None = request.session.get(_KEY)
    return known if known and time.time() - known["at"] < _REMEMBERED_SECONDS else None


def _digest(request: HttpRequest) -> str:
    return sha256(request.META.get("QUERY_STRING", "").encode()).hexdigest()

"""The authorization requests that a browser is in the middle of, kept in Django's session.

Pages on the way must let their form end at the client (CSP form-action governs the redirect after a POST), must
leave a popup its opener (COOP), and speak the language that the client asked for (ui_locales). A browser may be in
the middle of several, in as many tabs: each is known by its own query.
"""

import functools
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri

from accounts import half_signed_in
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_redirect_uri import form_action
from oauth.views.language import language_of, speak
from trust.lib import clock

_KEY: Final = "pending_authorizations"
_REMEMBERED_SECONDS: Final = 3600
_MOST: Final = 8  # requests at once; the oldest is forgotten first

Known = dict[str, dict[str, Any]]
View = Callable[[HttpRequest], HttpResponse]
Page = Callable[[HttpRequest, AuthorizationRequest], HttpResponse]


def begin(request: HttpRequest, checked: AuthorizationRequest) -> None:
    """Remember the request while its person signs in."""
    known = _known(request)
    if not request.user.is_authenticated:
        request.session.set_expiry(_REMEMBERED_SECONDS)  # whoever asks leaves a row: it goes soon
    if _digest(_query(request)) in known:
        return
    asked = {
        "client_name": checked.known_client.introduced_name,
        "language": language_of(request, checked),
        "form_action": form_action(checked.redirect_uri),
        "at": time.time(),
    }
    request.session[_KEY] = dict([*known.items(), (_digest(_query(request)), asked)][-_MOST:])


def began(request: HttpRequest) -> datetime | None:
    """Return when the request was first remembered, if it is."""
    one = _known(request).get(_digest(_query(request)))
    return clock.from_epoch(one["at"]) if one else None


def finish(request: HttpRequest) -> None:
    """Forget the request: it was answered. Others, in other tabs, go on."""
    known = _known(request)
    if known.pop(_digest(_query(request)), None) is not None:
        request.session[_KEY] = known


def let_end_at(response: HttpResponse, *sources: str) -> HttpResponse:
    """Let the forms of a page end at clients, and leave a popup its opener."""
    response._csp_update = {"form-action": list(sources)}  # type: ignore[attr-defined]
    return _leave_opener(response)


def posting_to(response: HttpResponse, redirect_uri: str) -> HttpResponse:
    """Let a page's form be sent to a client: it learns who sends it (Origin), and nothing of what was asked."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return let_end_at(response, *form_action(redirect_uri))


def leaving_opener(view: View) -> View:
    """Leave a popup its opener: it keeps it only if no answer on the way, redirects too, cuts it off (HTML, COOP)."""

    @functools.wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        return _leave_opener(view(request))

    return answered


class PendingAuthorizationMiddleware:
    """Opens the sign-in pages to the clients of the pending requests, and to no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a page on the way to a client may end there, and says where it leads."""
        # Looked up before: a sign-in as somebody else empties the session.
        known = _known(request) if request.path.startswith("/accounts/") else {}
        going_to = _going_to(request) if known else ""
        leads_to = known.get(_digest(urlsplit(going_to).query), {})
        request.pending_client_name = leads_to.get("client_name", "")  # type: ignore[attr-defined]
        request.pending_path = going_to if leads_to else ""  # type: ignore[attr-defined]
        speak(request, leads_to.get("language", ""))
        response = self.get_response(request)
        return let_end_at(response, *_form_actions(known.values())) if known else response


def _leave_opener(response: HttpResponse) -> HttpResponse:
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _known(request: HttpRequest) -> Known:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    known: Known = request.session.get(_KEY, {})
    return {digest: one for digest, one in known.items() if time.time() - one["at"] < _REMEMBERED_SECONDS}


def _going_to(request: HttpRequest) -> str:
    """Return where a page leads to: by its own `next`, or by that of the sign-in that is half done."""
    own = (request.POST if request.method == "POST" else request.GET).get("next", "")
    return own or half_signed_in.going_to(request)


def _form_actions(known: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({source for one in known for source in one["form_action"]})


def _query(request: HttpRequest) -> str:
    """Return the query as it stands in a `next` that leads back to it."""
    query: str = iri_to_uri(request.META.get("QUERY_STRING", ""))
    return query


def _digest(query: str) -> str:
    return sha256(query.encode()).hexdigest()

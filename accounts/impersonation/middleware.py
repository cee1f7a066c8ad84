"""Who sees the site as another person: found with each request, shown on each page, and kept from acting as them.

What may be opened and sent meanwhile stands in settings, by the names of the addresses. Whatever is not named there is
refused, what comes to the site with its next release as well.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.impersonation import browser
from accounts.middleware import SID_KEY
from accounts.models import Session
from accounts.services import impersonation, sessions
from trust.audit.acting import acting
from trust.lib.origin import origin_of

_SAFE = ("GET", "HEAD")
_SIGN_OUT = ("account_logout", "admin:logout")
_PROGRAMS = "/api/account/"  # what answers them in JSON, and goes by a browser's cookie


@dataclass(frozen=True, slots=True)
class Impersonation:
    """Who sees the site as whom, until when. Names and ids alone: a page that knows little shows them too."""

    session_id: uuid.UUID
    impersonator: str
    impersonator_id: uuid.UUID
    person: str
    person_id: uuid.UUID
    until: datetime


class ImpersonationMiddleware:
    """Sets `request.impersonation`; stands before accounts.middleware.SessionMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the events of it in the name of who acts; or end what is over, before anything is done by it."""
        request.impersonation = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not browser.is_another(request):
            return self.get_response(request)
        found = _impersonation_of(request)
        if found is None:
            browser.take_up(request)
            return redirect("account_impersonation_over")
        request.impersonation = found  # type: ignore[attr-defined]
        with acting(found.impersonator_id):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponse | None:
        """Refuse what is the person's alone."""
        found = impersonation_of(request)
        if found is None or _is_open(request):
            return None
        if request.method == "POST" and _name(request) in _SIGN_OUT:
            return _signed_out(request, found)
        if request.path_info.startswith(_PROGRAMS):
            raise PermissionDenied("the person's alone")
        return render(request, "accounts/impersonation_refused.html", status=403)


def impersonation_of(request: HttpRequest) -> Impersonation | None:
    """Return who sees the site as whom by this request, or None."""
    found: Impersonation | None = getattr(request, "impersonation", None)
    return found


def stop(request: HttpRequest, found: Impersonation, *, reason: str) -> None:
    """End it, and give the browser its own session back."""
    sessions.end(session_id=found.session_id, reason=reason, origin=origin_of(request))
    browser.take_up(request)


def _impersonation_of(request: HttpRequest) -> Impersonation | None:
    """Return who sees the site as whom; None if it is over. What is over by time, or by lost rights, is ended."""
    found = Session.objects.by_id(uuid.UUID(request.session[SID_KEY])).select_related("user", "impersonator").first()
    if found is None or found.ended_at is not None or found.impersonator is None:
        return None
    if not Session.objects.by_id(found.pk).alive().exists() or not impersonation.is_allowed_still(found):
        reason, origin = "over", origin_of(request)
        sessions.end(session_id=found.pk, reason=reason, actor=found.impersonator_id, origin=origin)
        return None
    return Impersonation(
        session_id=found.pk,
        impersonator=found.impersonator.username,
        impersonator_id=found.impersonator.pk,
        person=found.user.username,
        person_id=found.user.pk,
        until=found.expires_at,
    )


def _is_open(request: HttpRequest) -> bool:
    named = settings.SEEN_WHILE_IMPERSONATING if request.method in _SAFE else settings.SENT_WHILE_IMPERSONATING
    return _name(request) in {*named, *settings.ASKED_BY_PROGRAMS}


def _name(request: HttpRequest) -> str:
    """Return the name of what is asked for, or how its address is written where it has none."""
    match = request.resolver_match
    assert match is not None
    return match.view_name or match.route


def _signed_out(request: HttpRequest, found: Impersonation) -> HttpResponse:
    """Sign the browser out altogether: whoever goes leaves neither session behind."""
    stop(request, found, reason="signed_out")
    request.account_session = _own_session(request)  # type: ignore[attr-defined]
    logout(request)
    return redirect("front")


def _own_session(request: HttpRequest) -> Session | None:
    sid = request.session.get(SID_KEY)
    found: Session | None = Session.objects.by_id(uuid.UUID(sid)).first() if sid else None
    return found

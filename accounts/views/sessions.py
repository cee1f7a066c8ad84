"""The devices page: where one is signed in, and the means to end it."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import device_cookie
from accounts.models import Session
from accounts.services import people, sessions
from accounts.user_agent import describe
from accounts.views.person import person_of
from trust.lib.origin import origin_of


@dataclass(frozen=True, slots=True)
class Device:
    """A session as its person sees it."""

    session: Session
    name: str
    is_this: bool


@login_required
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Show the sessions of the person, the one used last first."""
    this = _this_session(request)
    shown = [
        Device(session=session, name=_name(session), is_this=session.pk == this)
        for session in Session.objects.of_user(person_of(request).pk).alive()
    ]
    return render(request, "accounts/sessions.html", {"devices": shown})


@login_required
@require_POST
def end(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """End one session of the person; another's does not exist for them."""
    person = person_of(request)
    if not Session.objects.of_user(person.pk).by_id(session_id).exists():
        raise Http404
    sessions.end(session_id=session_id, reason="ended_by_person", origin=origin_of(request))
    messages.success(request, _("That device is signed out."))
    return redirect("account_sessions")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of the person but this one."""
    keep = _this_session(request)
    marks = device_cookie.marks_of(request)
    people.sign_out(
        user=person_of(request), reason="ended_by_person", keep=keep, marks=marks, origin=origin_of(request)
    )
    messages.success(request, _("All your other devices are signed out."))
    return redirect("account_sessions")


def _name(session: Session) -> str:
    if session.impersonator_id is not None:
        return _("An administrator, who sees the site as you")
    return describe(session.user_agent)


def _this_session(request: HttpRequest) -> uuid.UUID | None:
    session: Session | None = getattr(request, "account_session", None)
    return session.pk if session else None

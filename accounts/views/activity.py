"""One's own activity: what the audit holds of one's account, in words, the newest first."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from accounts.conf import EVENTS_SHOWN
from accounts.user_agent import describe
from accounts.views.activity_words import NOT_SHOWN, sentence_for
from accounts.views.person import person_of
from trust.audit.models import AuditEvent

_LONGEST_ID: Final = 18  # digits: an id of the table has 64 bits


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the page shows it. Where an administrator acted, from where is not the person's to know."""

    at: datetime
    what: Promise
    client_id: str
    client_address: str
    browser: str
    by_administrator: bool


@login_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Show a page of events; `before` is the last event of the page before. Nothing is counted."""
    person = person_of(request)
    events = AuditEvent.objects.about(person.pk).but_for_actions(NOT_SHOWN)
    if "before" in request.GET:
        events = events.before(_event_id(request.GET["before"]))
    found = list(events[: EVENTS_SHOWN + 1])
    shown = found[:EVENTS_SHOWN]
    context = {
        "lines": [_line(event, person.pk) for event in shown],
        "is_first": "before" not in request.GET,
        "older": shown[-1].pk if len(found) > EVENTS_SHOWN else None,
    }
    return render(request, "accounts/activity.html", context)


def _event_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise Http404
    return int(text)


def _line(event: AuditEvent, person: uuid.UUID) -> Line:
    by_administrator = event.actor not in {None, person}
    return Line(
        at=event.at,
        what=sentence_for(event.action, event.details),
        client_id=event.client_id,
        client_address="" if by_administrator else event.client_address,
        browser=describe(event.user_agent) if event.user_agent and not by_administrator else "",
        by_administrator=by_administrator,
    )

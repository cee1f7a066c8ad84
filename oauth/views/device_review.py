"""The devices whose codes a browser typed, kept in Django's session: what it was shown is what it decides of.

A decision names the review that it is of, by a value that this browser alone has, and counts at the sign-in at which
the code was typed: nobody decides what another saw.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest

from oauth.conf import DEVICE_CODE_LIFETIME
from oauth.services.digests import new_value
from trust.lib import clock

_KEY: Final = "device_reviews"
_MOST: Final = 8  # at once, in as many tabs; the oldest is forgotten first
Kept = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Review:
    """A device under review: its row, the code as it was typed, since when, and what was decided, if anything was."""

    pk: int
    user_code: str
    began_at: datetime
    outcome: str = ""


def begin(request: HttpRequest, *, pk: int, user_code: str) -> str:
    """Keep that this browser typed the code of a device; return what the review is called."""
    name = new_value()
    one = {"pk": pk, "user_code": user_code, "at": time.time(), "session": _session_of(request), "outcome": ""}
    request.session[_KEY] = dict([*_kept(request).items(), (name, one)][-_MOST:])
    return name


def find(request: HttpRequest, name: str) -> Review | None:
    """Return a review that was begun by this browser, at the sign-in that it has now, or None."""
    one = _kept(request).get(name)
    if one is None or one["session"] != _session_of(request):
        return None
    return Review(one["pk"], one["user_code"], clock.from_epoch(one["at"]), one["outcome"])


def finish(request: HttpRequest, name: str, *, outcome: str) -> None:
    """Keep what was decided, for the page that says so."""
    kept = _kept(request)
    kept[name]["outcome"] = outcome
    request.session[_KEY] = kept


def _kept(request: HttpRequest) -> Kept:
    kept: Kept = request.session.get(_KEY, {})
    return {name: one for name, one in kept.items() if time.time() - one["at"] < DEVICE_CODE_LIFETIME.total_seconds()}


def _session_of(request: HttpRequest) -> str:
    session = getattr(request, "account_session", None)
    return str(session.pk) if session else ""

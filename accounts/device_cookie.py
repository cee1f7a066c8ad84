"""The cookie by which a browser is known again: random marks, one for each person who signed in there.

It signs nobody in. It outlives the sign-out, so that a person's own browser stays known (accounts/services/devices.py).
Each person has a mark of their own: whoever signed in there before cannot pass off a mark as somebody else's.
"""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.conf import DEVICE_MEMORY, MARKS_OF_A_BROWSER

_MARK: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_GIVEN: Final = "_device_marks"


def marks_of(request: HttpRequest) -> tuple[str, ...]:
    """Return the marks that the browser presents, the newest last; nonsense is left out."""
    presented = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(".")[-MARKS_OF_A_BROWSER:]
    return tuple(mark for mark in presented if _MARK.fullmatch(mark))


def remember(request: HttpRequest, mark: str) -> None:
    """Let the answer to this request give the browser a mark, beside those that it has."""
    others = tuple(other for other in marks_of(request) if other != mark)
    setattr(request, _GIVEN, (*others, mark)[-MARKS_OF_A_BROWSER:])


def set_on(response: HttpResponseBase, request: HttpRequest) -> None:
    """Set the cookie if somebody signed in by this request: for this site alone, and out of the reach of scripts."""
    marks: tuple[str, ...] = getattr(request, _GIVEN, ())
    if marks:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            ".".join(marks),
            max_age=DEVICE_MEMORY,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

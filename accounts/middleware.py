"""Binds Django's browser session to our Session: a sign-in that has none, or whose Session is over, is signed out."""

import uuid
from collections.abc import Callable
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts import device_cookie
from accounts.authentication import summed_up
from accounts.models import Session
from accounts.services import sessions
from trust.lib import clock
from trust.lib.origin import origin_of

SID_KEY: Final = "sid"  # in Django's session: the id of ours


class AccountHttpRequest(HttpRequest):
    """A request after this middleware."""

    account_session: Session | None


class SessionMiddleware:
    """Sets `request.account_session`; notes use and re-authentication when the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: AccountHttpRequest) -> HttpResponse:
        """Find the Session of the browser, or sign it out."""
        request.account_session = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            request.account_session = _session_of(request)
            if request.account_session is None and SESSION_KEY in request.session:
                logout(request)
        response = self.get_response(request)
        note_use(request)
        device_cookie.set_on(response, request)
        return response


class LanguageMiddleware:
    """Speaks the language of the person's account; stands behind SessionMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Speak it until the request is answered."""
        language = language_of_account(request)
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


def language_of_account(request: HttpRequest) -> str:
    """Return the language of who is signed in; empty if it is not known, or another was chosen in this browser."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or getattr(request, "account_session", None) is None:
        return ""
    language: str = getattr(request.user, "language", "")
    return language


def _session_of(request: HttpRequest) -> Session | None:
    sid, user_id = request.session.get(SID_KEY), request.session.get(SESSION_KEY)
    try:
        session_id = uuid.UUID(str(sid))
    except ValueError:  # there is none, or it is not of our making
        return None
    session = Session.objects.alive().by_id(session_id).first()
    if session is None or str(session.user_id) != user_id:
        return None
    found: Session = session
    return found


def note_use(request: AccountHttpRequest) -> None:
    """Write the session's use, and a newer proof of the person that the view recorded."""
    session = request.account_session
    if session is None or request.session.get(SID_KEY) != str(session.pk):
        return
    now, origin = clock.now(), origin_of(request)
    authentication = summed_up(get_authentication_records(request, request.user), now=session.auth_time)
    if authentication.auth_time > session.auth_time:
        sessions.authenticate_again(session=session, authentication=authentication, origin=origin)
    sessions.note_seen(session=session, now=now, origin=origin)

"""What an app presents and is given: an access token for authority, a session token for the steps before there is one.

A session token stands for a sign-in that is not finished: it never names anybody, and dies when the sign-in is done.
From then on the access token is the authority; it is checked as at every guarded view.
"""

import uuid
from typing import Any, Final

from allauth.headless.tokens.strategies.base import AbstractTokenStrategy
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.api.headless.state import PENDING, SessionState
from accounts.api.pair import pair_of
from accounts.conf import PENDING_LIFETIME
from accounts.models import Session
from accounts.models.session_rotation import RefreshedSession
from trust.guard.bearer import INVALID_TOKEN, check_bearer
from trust.guard.challenge import Challenge
from trust.guard.exceptions import Refused
from trust.guard.refusal import of_challenge
from trust.lib import clock
from trust.lib.browser_store import SessionStore

_BEARER: Final = "bearer "


class TokenStrategy(AbstractTokenStrategy):
    """allauth's door to our token pair. Named in settings as HEADLESS_TOKEN_STRATEGY."""

    def get_session_token(self, request: HttpRequest) -> str | None:
        """Return what the app presents: its access token as it stands in the header, else the session token."""
        authorization: str = request.headers.get("authorization", "")
        if authorization.lower().startswith(_BEARER):
            return authorization
        return request.headers.get("x-session-token")

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """Return the state behind what was presented. Raises Refused, FeedUnreadable; None is answered by 410."""
        if session_token.lower().startswith(_BEARER):
            return SessionState.of(_session_of(session_token))
        pending = SessionStore(session_token) if len(session_token) >= 8 else None
        if pending is None or not pending.get(PENDING) or SESSION_KEY in pending:
            return None
        return pending

    def create_session_token(self, request: HttpRequest) -> str:
        """Return the token of a sign-in that goes on; nothing where there is a person."""
        if request.user.is_authenticated:
            return ""
        if not request.session.get(PENDING):
            request.session[PENDING] = True
            request.session.set_expiry(PENDING_LIFETIME)
        request.session.save()
        return request.session.session_key or ""

    def create_access_token_payload(self, request: HttpRequest) -> dict[str, Any] | None:
        """Return the pair of POST /api/token/, under allauth's names."""
        session: Session | None = getattr(request, "account_session", None)
        if session is None:
            return None
        pair = pair_of(RefreshedSession.begun(session), grant_type="headless", now=clock.now())
        return {
            "access_token": pair["access"],
            "refresh_token": pair["refresh"],
            "token_type": pair["token_type"],
            "expires_in": pair["expires_in"],
        }


def _session_of(authorization: str) -> Session:
    """Return the live session of a first-party access token. Raises Refused for all others."""
    token = check_bearer(authorization, now=clock.now())
    if token is None:
        raise Refused(INVALID_TOKEN)
    if not token.is_first_party or not token.is_person:
        raise Refused(of_challenge(Challenge(error="insufficient_scope", description="Not open to this client")))
    session = Session.objects.alive().by_id(_uuid(token.session_id)).select_related("user").first()
    if session is None or str(session.user_id) != token.subject:
        raise Refused(INVALID_TOKEN)
    found: Session = session
    return found


def _uuid(value: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(value or "")
    except ValueError as malformed:
        raise Refused(INVALID_TOKEN) from malformed

"""The browser of who impersonates: their own session is put aside, and taken up again.

The two never mix. While the site is seen as somebody else, the browser has another session, with nothing in it but that
person and where the own one lies; that one has a new key, which no browser knows. So neither cookie is good for both.
"""

from typing import Final

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.functional import SimpleLazyObject

from accounts.middleware import SID_KEY
from accounts.models import Session
from trust.lib.browser_store import SessionStore

_OWN: Final = "impersonated_from"  # in Django's session: the key of the one that was put aside


def is_another(request: HttpRequest) -> bool:
    """Tell whether the browser is not its own person's just now."""
    return _OWN in request.session


def put_aside(request: HttpRequest, session: Session) -> None:
    """Put the browser's session aside, and let it be that of a person whom somebody impersonates."""
    own = request.session
    own.cycle_key()
    own.save()
    another = SessionStore()
    another[_OWN] = own.session_key
    another[SESSION_KEY] = str(session.user_id)
    another[BACKEND_SESSION_KEY] = own[BACKEND_SESSION_KEY]
    another[HASH_SESSION_KEY] = session.user.get_session_auth_hash()
    another[SID_KEY] = str(session.pk)
    _change(request, another)


def take_up(request: HttpRequest) -> None:
    """Give the browser its own session back, under a new key; the other is gone. Nobody, if that is over."""
    own = SessionStore(request.session.get(_OWN))
    request.session.flush()
    if SESSION_KEY in own:
        own.cycle_key()
    _change(request, own)


def _change(request: HttpRequest, session: SessionStore) -> None:
    request.session = session
    for remembered in ("_cached_user", "_acached_user"):
        if hasattr(request, remembered):
            delattr(request, remembered)
    request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]
    rotate_token(request)

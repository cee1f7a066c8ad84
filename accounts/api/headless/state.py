"""What the steps of an app's person need to remember between requests: kept on the server, opened by no cookie.

allauth keeps it in Django's session: the secret of a factor being set up, what a passkey was asked, when the person
last proved themselves. For an API session it lies under a key that only the server can derive, and it says nowhere
who is signed in: that is said by the access token, at each request.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from allauth.account.internal.flows import login
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.utils.crypto import salted_hmac

from accounts.middleware import SID_KEY
from accounts.models import Session
from trust.lib.browser_store import SessionStore

# In the session that a session token opens: a cookie's session has it not, and is opened by no token.
PENDING: Final = "pending_of_app"
_RECORDS: Final = login.AUTHENTICATION_METHODS_SESSION_KEY
_RECORDED_OF: Final = login._AUTHENTICATION_METHODS_USER_SESSION_KEY
# Who is signed in, and for how long: never kept here.
_OF_THE_TOKEN: Final = {SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SID_KEY, PENDING, "_session_expiry"}


class SessionState(SessionStore):
    """The state of one API session. `session` is that session."""

    session: Session

    @classmethod
    def of(cls, session: Session) -> "SessionState":
        """Return the state of a live session, with its person signed in for this request."""
        state = cls(_key(session))
        state.session = session
        state.update(_signed_in(session))
        if _RECORDS not in state:
            state[_RECORDS], state[_RECORDED_OF] = list(_records(session)), str(session.user_id)
        state.modified = False
        return state

    @classmethod
    def taken_over(cls, session: Session, pending: SessionBase) -> "SessionState":
        """Return the state of a session that has just begun, with what its sign-in left; nothing else opens that."""
        state = cls.of(session)
        state.update({name: value for name, value in pending.items() if name not in _OF_THE_TOKEN})
        pending.flush()
        return state

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal what is kept."""
        return super().encode({name: value for name, value in session_dict.items() if name not in _OF_THE_TOKEN})

    def cycle_key(self) -> None:
        """Keep the key: nobody was ever told it."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002
        """Keep the state; of two requests that are the first at once, one is heard."""
        try:
            super().save()
        except UpdateError:
            with suppress(CreateError):
                super().save(must_create=True)

    def _get_session_from_db(self) -> Any:
        """Return the row, or None: then there is nothing yet, and the key stays, for no client presented it."""
        key = self.session_key
        row = super()._get_session_from_db()
        self._session_key = key
        return row


def _key(session: Session) -> str:
    return salted_hmac("accounts.api.headless.state", str(session.pk), algorithm="sha256").hexdigest()


def _signed_in(session: Session) -> dict[str, str]:
    return {
        SESSION_KEY: str(session.user_id),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: session.user.get_session_auth_hash(),
        SID_KEY: str(session.pk),
    }


def _records(session: Session) -> Iterator[dict[str, Any]]:
    """Return allauth's records of a sign-in by /api/token/: accounts.authentication sums them up to the same again."""
    # Whole seconds: never later than the session says, which would look like a newer proof.
    at, methods = int(session.auth_time.timestamp()), session.amr.split()
    if "pwd" in methods:
        yield {"method": "password", "at": at}
    if "otp" in methods:
        yield {"method": "mfa", "type": "totp", "at": at}
    if "pop" in methods:
        yield {"method": "mfa", "type": "webauthn", "at": at, "user_verified": "mfa" in methods}
    if not methods:
        yield {"method": "unknown", "at": at}

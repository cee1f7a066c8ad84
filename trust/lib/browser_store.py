"""Django's browser sessions in the database, kept so that a copy of the table opens nothing.

The key, which is the cookie's value, is kept as a digest. What a session holds is sealed: for a while that may be the
secret of a factor being set up, or the key of a password reset. Named in settings as SESSION_ENGINE.
"""

import hashlib
import json
from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase

from trust.lib import clock
from trust.lib.sealing import SealBroken, seal, unseal

_PURPOSE: Final = "browser-session"
_DIGEST_LENGTH: Final = 40  # characters, as many as the column has: 160 bits of SHA-256


class SessionStore(db.SessionStore):
    """A browser's session. `session_key` is the cookie's value, and in memory alone."""

    # Django's own for the database would keep the key as it is; these go through the methods below.
    aload, asave, acreate, adelete = SessionBase.aload, SessionBase.asave, SessionBase.acreate, SessionBase.adelete
    aexists = SessionBase.aexists

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal what the session holds."""
        return seal(json.dumps(session_dict, separators=(",", ":")).encode(), purpose=_PURPOSE)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Open what the session holds; what cannot be opened is an empty session."""
        try:
            held: dict[str, Any] = json.loads(unseal(str(session_data), purpose=_PURPOSE))
        except SealBroken:
            return {}
        return held

    def exists(self, session_key: str) -> bool:
        """Tell whether there is a session of this key."""
        return bool(super().exists(_digest(session_key)))

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this key, or this very one."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(_digest(key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row as it is kept."""
        row = super().create_model_instance(data)
        row.session_key = _digest(row.session_key)
        return row

    def _get_session_from_db(self) -> Any:
        """Return the row, or None: a key that we did not give is not taken over (session fixation)."""
        try:
            return self.model.objects.get(session_key=_digest(self.session_key or ""), expire_date__gt=clock.now())
        except self.model.DoesNotExist:
            self._session_key = None
            return None


def _digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:_DIGEST_LENGTH]

"""A grant: what one person allowed one client at one sign-in (RFC 6749 section 1.3), a value that floors hand on."""

import json
import uuid
from dataclasses import dataclass
from typing import Final, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClaims:
    """The claims that a client asked for by name beyond its scopes (OpenID Connect Core section 5.5)."""

    id_token: tuple[str, ...] = ()
    userinfo: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys((*self.id_token, *self.userinfo)))

    def written(self) -> str:
        """Return them as text, empty if there are none."""
        return json.dumps([self.id_token, self.userinfo]) if self.names else ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what `written` wrote."""
        if not text:
            return cls()
        id_token, userinfo = json.loads(text)
        return cls(id_token=tuple(id_token), userinfo=tuple(userinfo))


NO_CLAIMS: Final = AskedClaims()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a person allowed a client at one sign-in: the facts that every token of it states."""

    grant: uuid.UUID
    user_id: uuid.UUID
    session_id: uuid.UUID | None
    scope: tuple[str, ...]
    auth_time_seconds: int
    amr: tuple[str, ...]
    acr: str
    nonce: str = ""
    claims: AskedClaims = NO_CLAIMS
    roles: tuple[str, ...] = ()

"""A grant: what one person allowed one client at one sign-in (RFC 6749 section 1.3), a value that floors hand on."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Self


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


def resources_written(resources: Iterable[str]) -> str:
    """Return resources (RFC 8707) as the text that PostgreSQL makes of them, which is what statements answer."""
    return json.dumps(list(resources), ensure_ascii=False)


def resources_in(written: str) -> tuple[str, ...]:
    """Return the resources that `resources_written` wrote."""
    return tuple(json.loads(written)) if written != "[]" else ()


class Grant(NamedTuple):
    """What a person allowed a client at one sign-in: the facts that every token of it states.

    `resources` are the APIs that it is for (RFC 8707); none: our own. `authorization_details` is the JSON text of
    what is allowed in detail (RFC 9396), empty if nothing is. `act` is the `sub` of who acts in the person's place,
    empty if nobody does. No token of it is good beyond `until`.
    """

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
    resources: tuple[str, ...] = ()
    authorization_details: str = ""
    act: str = ""
    until: datetime | None = None

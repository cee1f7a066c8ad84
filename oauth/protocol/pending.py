"""An authorization request on its way through the table, and the person whom it meets."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import RegisteredClient

FindClient = Callable[[str], RegisteredClient | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What is known so far. `redirect_uri` is empty until it is known to be right."""

    parameters: Parameters
    find_client: FindClient
    client: RegisteredClient | None = None
    redirect_uri: str = ""
    scope: tuple[str, ...] = ()
    code_challenge: str = ""
    nonce: str = ""
    prompt: frozenset[str] = frozenset()
    max_age: int | None = None
    hinted_subject: str | None = None  # whom an id_token_hint of ours names

    @property
    def known_client(self) -> RegisteredClient:
        """The client, which the first step found."""
        assert self.client is not None
        return self.client

    @property
    def state(self) -> str | None:
        """The client's `state`, echoed as it came; none if it came more than once."""
        if "state" in self.parameters.repeated:
            return None
        return self.parameters.values.get("state")

    def having(self, **found: Any) -> Self:
        """Return the request with what a step found."""
        return replace(self, **found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in: the session, when and how it was proved, and what was consented to for this client."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    auth_time: datetime
    acr: str
    is_admitted: bool  # by the client's groups
    consented: frozenset[str] | None  # None: never asked
    # When this very request first asked for a new sign-in, if it did: `prompt=login` is met by a later auth_time.
    asked_at: datetime | None = None


class Interaction(Exception):
    """Not an error: a page must be shown before the request can go on."""


class LoginNeeded(Interaction):
    """Somebody must sign in."""


class ReauthenticationNeeded(Interaction):
    """Who is signed in must prove it again."""


class ConsentNeeded(Interaction):
    """The person must be asked."""

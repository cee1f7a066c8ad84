"""A grant: what one person allowed one client at one sign-in (RFC 6749 section 1.3), a value that floors hand on."""

import uuid
from dataclasses import dataclass


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

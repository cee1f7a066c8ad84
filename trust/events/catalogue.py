"""Which events of the audit trail are told, and what is told of each: ids and words, never a name or an address.

`sid` names the session, `client_id` the client, `grant` what a person allowed it. Who began it (`initiating_entity`)
and the rest are in the words of CAEP 1.0 section 2 and of its event types.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trust.events.vocabulary import EventType

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the trail has it, without its personal fields, which nobody is told."""

    sequence: int
    at: datetime
    action: str
    subject: uuid.UUID | None
    actor: uuid.UUID | None
    session: uuid.UUID | None
    client_id: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a receiver is told of it."""

    kind: EventType
    claims: Claims


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: EventType
    claims: Callable[[Recorded], Claims] = lambda _event: {}
    by: str = "user"  # unless somebody else did it


def told_of(event: Recorded) -> Told | None:
    """Return what is told of an event, or None where nobody is told of its kind."""
    entry = _CATALOGUE.get(event.action)
    if entry is None or event.subject is None:
        return None
    claims = {"sid": event.session and str(event.session), "client_id": event.client_id, **entry.claims(event)}
    claims["initiating_entity"] = _initiator(event, entry)
    return Told(entry.kind, {name: value for name, value in claims.items() if value})


# Reasons for which something ended by a rule, whoever sent what made it so; behind the kind of what it hung on.
_BY_RULE: Final = ("refresh_token_reused", "global_revocation")


def _initiator(event: Recorded, entry: _Entry) -> str:
    """Return who began it: an administrator where another acted; our own rules where theft was found, or told of."""
    if event.actor is not None and event.actor != event.subject:
        return "admin"
    return "policy" if str(event.details.get("reason", "")).endswith(_BY_RULE) else entry.by


def _levels(event: Recorded) -> Claims:
    return {"acr": event.details.get("acr"), "amr": str(event.details.get("amr", "")).split()}


def _reason(event: Recorded) -> Claims:
    return {"reason": event.details.get("reason")}


def _password(event: Recorded) -> Claims:
    return {"credential_type": "password", "change_type": "update"}


def _password_gone(event: Recorded) -> Claims:
    return {"credential_type": "password", "change_type": "revoke", "reason": "not_me"}


_CREDENTIALS: Final = {"totp": "app", "recovery_codes": "recovery-codes", "webauthn": "fido2"}
_CHANGES: Final = {"added": "create", "removed": "delete"}


def _factor(event: Recorded) -> Claims:
    factor = str(event.details.get("factor", ""))
    kind = "external-account" if factor.startswith("external:") else _CREDENTIALS.get(factor, factor)
    return {"credential_type": kind, "change_type": _CHANGES.get(str(event.details.get("change")), "update")}


def _personal(change: str) -> Callable[[Recorded], Claims]:
    return lambda event: {"credential_type": "personal-access-token", "change_type": change, **_reason(event)}


def _grant(event: Recorded) -> Claims:
    return {"grant": event.details.get("grant"), **_reason(event)}


_CATALOGUE: Final[Mapping[str, _Entry]] = {
    "session.started": _Entry(EventType.SESSION_ESTABLISHED, _levels),
    "session.ended": _Entry(EventType.SESSION_REVOKED, _reason),
    "impersonation.started": _Entry(EventType.SESSION_ESTABLISHED, _levels),
    "impersonation.ended": _Entry(EventType.SESSION_REVOKED, _reason),
    "person.password_replaced": _Entry(EventType.CREDENTIAL_CHANGED, _password),
    "person.not_me": _Entry(EventType.CREDENTIAL_CHANGED, _password_gone),
    "person.factor_changed": _Entry(EventType.CREDENTIAL_CHANGED, _factor),
    "personal_access_token.made": _Entry(EventType.CREDENTIAL_CHANGED, _personal("create")),
    "personal_access_token.ended": _Entry(EventType.CREDENTIAL_CHANGED, _personal("delete")),
    "person.signed_up": _Entry(EventType.ACCOUNT_CREATED),
    "person.created": _Entry(EventType.ACCOUNT_CREATED, by="admin"),
    "person.deactivated": _Entry(EventType.ACCOUNT_DISABLED, lambda _event: {"reason": "deactivated"}, by="admin"),
    "person.closed": _Entry(EventType.ACCOUNT_DISABLED, lambda _event: {"reason": "closed"}),
    "person.activated": _Entry(EventType.ACCOUNT_ENABLED, by="admin"),
    "person.came_back": _Entry(EventType.ACCOUNT_ENABLED),
    "person.deleted": _Entry(EventType.ACCOUNT_PURGED, by="admin"),
    "person.erased": _Entry(EventType.ACCOUNT_PURGED),
    "person.removed_unverified": _Entry(EventType.ACCOUNT_PURGED, by="system"),
    "grant.ended": _Entry(EventType.GRANT_REVOKED, _grant),
    "refresh_token.reused": _Entry(EventType.REFRESH_TOKEN_REUSED, _grant, by="policy"),
}

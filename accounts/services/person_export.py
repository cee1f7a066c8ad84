"""Everything that is held about a person, as one JSON object. docs/data-export.md describes it; names are stable.

Secrets are never in it: no password, factor, token or link, and nothing that one of them could be found from.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import DataExport, KnownDevice, Session, User
from accounts.models.standard_claims import StandardClaims
from trust.audit.models import AuditEvent

VERSION: Final = 1
ACCOUNT: Final = (
    *("id", "username", "email", "is_active", "is_staff", "is_superuser", "has_long_password"),
    *("created", "updated_at", "last_login", "erase_at"),
)
CLAIMS: Final = tuple(field.name for field in StandardClaims._meta.get_fields())
ADDRESS: Final = ("email", "verified", "primary")
SESSION: Final = (
    *("id", "kind", "auth_time", "amr", "acr", "created", "last_seen", "expires_at", "ended_at"),
    *("client_address", "user_agent"),
)
DEVICE: Final = ("first_seen", "last_seen")
FACTOR: Final = ("type", "created_at", "last_used_at")
EXTERNAL_ACCOUNT: Final = ("provider", "uid", "extra_data", "date_joined", "last_login")
EVENT: Final = ("at", "action", "session", "client_id", "details")
ORIGIN: Final = ("client_address", "user_agent")
WHERE: Final = (*ORIGIN, "identifier")
EXPORT: Final = ("id", "created", "ready_at")


def export(user: User, *, now: datetime) -> dict[str, Any]:
    """Return what is held about a person here, and what the hooks of PERSON_EXPORT add."""
    person: Any = user  # what libraries hang on it is not typed
    document = {
        "version": VERSION,
        "issuer": settings.ISSUER,
        "made_at": now,
        "account": {**_named(ACCOUNT, user), "has_password": user.has_usable_password()},
        "claims": _named(CLAIMS, user),
        "attributes": user.attributes,
        "addresses": _each(ADDRESS, person.emailaddress_set.order_by("pk")),
        "groups": user.roles,
        "sessions": _each(SESSION, Session.objects.of_user(user.pk)),
        "known_devices": _each(DEVICE, KnownDevice.objects.of_user(user.pk).order_by("pk")),
        "factors": [_factor(row) for row in person.authenticator_set.order_by("pk")],
        "external_accounts": _each(EXTERNAL_ACCOUNT, person.socialaccount_set.order_by("pk")),
        "activity": list(_activity(user.pk)),
        "exports": _each(EXPORT, DataExport.objects.of_user(user.pk)),
    }
    for path in settings.PERSON_EXPORT:
        document |= import_string(path)(user_id=user.pk)
    return document


def _named(names: Iterable[str], row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _each(names: Iterable[str], rows: Iterable[object]) -> list[dict[str, Any]]:
    return [_named(names, row) for row in rows]


def _factor(row: Any) -> dict[str, Any]:
    """Return the kind and the dates; a passkey also has the name that its person gave it."""
    name: Mapping[str, Any] = {"name": row.data["name"]} if "name" in row.data else {}
    return {**_named(FACTOR, row), **name}


def _activity(user_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    """Return the events about a person, and where the ones that they did to others came from.

    Where somebody else acted, that was an administrator: from where is theirs to know.
    """
    for event in AuditEvent.objects.about(user_id).iterator():
        by_other = event.actor not in {None, user_id}
        where = {} if by_other else _named(WHERE, event)
        yield {**_named(EVENT, event), "by": "administrator" if by_other else "person", **where}
    for event in AuditEvent.objects.done_by(user_id).of_others(user_id).iterator():
        yield {"at": event.at, "action": event.action, "by": "person", **_named(ORIGIN, event)}

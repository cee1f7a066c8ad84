"""Types of authorization details (RFC 9396): read whole, since they are few, and remembered by the process for seconds.

What is put here was checked before, by oauth/protocol/rfc9396_detail_type.py.
"""

import logging
import uuid
from functools import partial
from typing import Any, Final

from django.db import Error as DatabaseFailed
from django.db import transaction

from oauth.authorization_detail import DetailField, DetailType, DetailTypes
from oauth.models import AuthorizationDetailType
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.lib.remembered import Remembered

log = logging.getLogger(__name__)

FRESH_SECONDS: Final = 5.0  # what the process remembers is at most so old; what it changes itself it knows at once
_ALL: Final = ""  # the one key


def registered() -> DetailTypes:
    """Return all types as this process knows them. Raises SynchronousOnlyOperation in an event loop."""
    return memory.get(_ALL) or {}


def read() -> DetailTypes:
    """Return all types as they are now: for whoever writes, or compares."""
    return {row.type: described(row) for row in AuthorizationDetailType.objects.order_by("type")}


def described(row: AuthorizationDetailType) -> DetailType:
    """Return a row as a value."""
    return DetailType(
        type=row.type,
        title_en=row.title_en,
        title_ko=row.title_ko,
        description_en=row.description_en,
        description_ko=row.description_ko,
        fields=tuple(DetailField.read(field) for field in row.fields),
        asks_each_time=row.asks_each_time,
        is_registrable=row.is_registrable,
    )


@transaction.atomic
def put(wanted: DetailType, *, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Make a type, or make the one of its name what is said here; False if it is so already."""
    columns = wanted.written()
    rows = AuthorizationDetailType.objects.select_for_update()
    row, was_made = rows.get_or_create(type=wanted.type, defaults=columns)
    if was_made:
        _note("authorization_detail_type.created", actor, origin, columns)
        return True
    before = described(row).written()
    changed = {name: value for name, value in columns.items() if value != before[name]}
    if not changed:
        return False
    for column, value in changed.items():
        setattr(row, column, value)
    row.save(update_fields=list(changed))
    _note("authorization_detail_type.changed", actor, origin, {"type": wanted.type, **changed})
    return True


@transaction.atomic
def delete(*, name: str, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Delete a type; what was granted of it stays, and nobody asks for it any more. False if there is none."""
    deleted, _of_each = AuthorizationDetailType.objects.by_type(name).delete()
    if deleted:
        _note("authorization_detail_type.deleted", actor, origin, {"type": name})
    return bool(deleted)


def _note(action: str, actor: uuid.UUID | None, origin: Origin, details: dict[str, Any]) -> None:
    record(action, actor=actor, origin=origin, details=details)
    transaction.on_commit(partial(memory.forget, _ALL))


def _read_or_known(key: str) -> DetailTypes:
    """Return all as they are now; where the database cannot be read, as they were: discovery needs none."""
    try:
        return read()
    except DatabaseFailed as unreadable:
        log.warning("authorization detail types cannot be looked up: %s", type(unreadable).__name__)
        return memory.peek(key) or {}


memory: Final = Remembered(_read_or_known, fresh_for=FRESH_SECONDS)

"""What the administration does to people beyond what they do themselves: each with who did it in its audit row.

The actor is None where a script of the operator did it.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services import erasure
from accounts.services.staff_power import names_of
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


@transaction.atomic
def change_person(*, user: User, fields: Sequence[str], actor: User | None, origin: Origin) -> None:
    """Save the named fields, set and validated before, and no others: what else changed meanwhile stays."""
    user.save(update_fields=[*fields, "updated_at"])
    record("person.changed", subject=user.pk, actor=_id(actor), origin=origin, details={"fields": sorted(fields)})


@transaction.atomic
def set_groups(*, user: User, groups: Iterable[Group], actor: User | None, origin: Origin) -> None:
    """Give a person these groups and no others; tokens with the old roles die (accounts.receivers)."""
    chosen = list(groups)
    user.groups.set(chosen)
    details = {"groups": sorted(group.name for group in chosen)}
    record("person.groups_set", subject=user.pk, actor=_id(actor), origin=origin, details=details)


@transaction.atomic
def delete_person(*, user: User, actor: User, origin: Origin) -> None:
    """Delete a person and all that is kept of them; their sessions and tokens end with it."""
    revoke(Kind.USER, str(user.pk))
    erasure.erase(user=user, action=erasure.DELETED, actor=actor, origin=origin)


def note_group(*, group: Group, is_new: bool, actor: User, origin: Origin) -> None:
    """Note that a group was made or changed, and what it may now."""
    details = {"name": group.name, "permissions": sorted(names_of(group))}
    record("group.created" if is_new else "group.changed", actor=actor.pk, origin=origin, details=details)


@transaction.atomic
def delete_group(*, group: Group, actor: User, origin: Origin) -> None:
    """Delete a group; tokens that name it as a role die (accounts.receivers)."""
    record("group.deleted", actor=actor.pk, origin=origin, details={"name": group.name})
    group.delete()


def _id(actor: User | None) -> uuid.UUID | None:
    return None if actor is None else actor.pk

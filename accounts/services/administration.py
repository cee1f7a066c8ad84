"""What the administration does to people beyond what they do themselves: each with who did it in its audit row.

The actor is None where a script of the operator did it.
"""

import uuid
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services import erasure
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


def _id(actor: User | None) -> uuid.UUID | None:
    return None if actor is None else actor.pk

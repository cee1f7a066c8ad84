"""Roles are groups: when a person's change, tokens that name the old ones die at once."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from trust.audit.record import record
from trust.lib.hooks import tell
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


@transaction.atomic
def changed(*, user_ids: Iterable[uuid.UUID]) -> None:
    """Revoke what was issued to these people up to now; they refresh and get their present roles."""
    for user_id in user_ids:
        revoke(Kind.USER, str(user_id))
        record("person.roles_changed", subject=user_id)


@transaction.atomic
def ended(*, group: Group) -> None:
    """Revoke what names a role that is about to be renamed or deleted, and tell ROLE_ENDED."""
    changed(user_ids=members(group=group))
    tell(settings.ROLE_ENDED, group_id=group.pk)


def members(*, group: Group) -> list[uuid.UUID]:
    """Return the ids of the people in a group."""
    return list(User.objects.in_group(group).values_list("pk", flat=True))

"""Groups, made and given permissions by name: the roles of people, and what those of staff may do."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from trust.audit.record import record


def standing() -> dict[str, tuple[str, ...]]:
    """Return all groups by name, each with its permissions as `app.codename`, sorted."""
    groups = Group.objects.order_by("name").prefetch_related("permissions__content_type")
    return {group.name: tuple(sorted(map(_named, group.permissions.all()))) for group in groups}


@transaction.atomic
def put(*, name: str, permissions: Iterable[str]) -> None:
    """Make a group, or give the one of this name these permissions and no others, known ones: checked before."""
    group, was_made = Group.objects.get_or_create(name=name)
    known = permissions_by_name()
    wanted = sorted(set(permissions))
    group.permissions.set([known[one] for one in wanted])
    record("group.created" if was_made else "group.changed", details={"name": name, "permissions": wanted})


@transaction.atomic
def delete(*, name: str) -> None:
    """Delete a group; tokens that name it as a role die (accounts.receivers)."""
    Group.objects.get(name=name).delete()
    record("group.deleted", details={"name": name})


def permissions_by_name() -> Mapping[str, Permission]:
    """Return all permissions as `app.codename`."""
    return {_named(permission): permission for permission in Permission.objects.select_related("content_type")}


def _named(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"

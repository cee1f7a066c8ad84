"""What staff may do to other staff: nobody reaches above themselves, or lifts anybody there."""

from collections.abc import Iterable

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.models.staff_group import permission_names_of


def may_act_on(actor: object, user: User) -> bool:
    """Tell whether a staff member may act on a person: on staff only who manages staff and may all that they may."""
    if not isinstance(actor, User):
        return False
    if actor.is_superuser or not (user.is_staff or user.is_superuser):
        return True
    return not user.is_superuser and _manages(actor, user)


def may_make_staff(actor: User, user: User | None) -> bool:
    """Tell whether a staff member may say of a person that they are staff; of a new one, without a user."""
    if actor.is_superuser:
        return True
    return _manages(actor, user) and (user is None or not user.is_superuser)


def grantable(actor: User) -> list[Group]:
    """Return the groups that a staff member may put people in and take them out of: those that lift nobody above."""
    groups = Group.objects.order_by("name").prefetch_related("permissions__content_type")
    if actor.is_superuser:
        return list(groups)
    if not actor.has_perm("accounts.manage_staff"):
        return []
    return [group for group in groups if has_all(actor, names_of(group))]


def has_all(actor: User, permissions: Iterable[str]) -> bool:
    """Tell whether somebody has all of these permissions, as app_label.codename."""
    return actor.is_superuser or actor.get_all_permissions().issuperset(permissions)


def names_of(group: Group) -> set[str]:
    """Return the permissions of a group, as app_label.codename."""
    permissions = group.permissions.select_related("content_type")
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def _manages(actor: User, user: User | None) -> bool:
    """Tell whether somebody manages staff and may all that this person may, or would if they were staff."""
    return actor.has_perm("accounts.manage_staff") and (user is None or has_all(actor, permission_names_of(user.pk)))

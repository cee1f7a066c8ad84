"""The groups of staff that the house makes: which they are, whatever they are called by now."""

import uuid
from collections.abc import Collection
from typing import ClassVar

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models.functions import Concat


class StaffGroup(models.Model):
    """A group that was made once, and the permissions that it was given once.

    What an operator takes from the group is not given again, since it was `given`; and a group that they deleted is
    not made again, since this row stays without it.
    """

    kind = models.CharField(max_length=16, primary_key=True)
    group = models.OneToOneField(Group, null=True, on_delete=models.SET_NULL, related_name="+")
    given = models.ManyToManyField(Permission, related_name="+")

    objects: ClassVar = models.Manager()

    class Meta:
        """It has no pages, so that nobody needs a permission for it."""

        default_permissions = ()

    def __str__(self) -> str:
        """Name the kind."""
        return self.kind


def permission_names_of(user_id: uuid.UUID) -> set[str]:
    """The permissions that a person has or would have as staff, as app_label.codename, active or not."""
    of_person = models.Q(user=user_id) | models.Q(group__user=user_id)
    named = Permission.objects.filter(of_person).values_list("content_type__app_label", "codename").order_by()
    return {f"{app}.{codename}" for app, codename in named}


def permissions_named(names: Collection[str]) -> "models.QuerySet[Permission]":
    """The permissions of these names, given as app_label.codename."""
    named = Concat("content_type__app_label", models.Value("."), "codename")
    return Permission.objects.alias(named=named).filter(named__in=names).select_related("content_type")


def groups_by_ids(ids: Collection[int]) -> "models.QuerySet[Group]":
    """These groups, by name."""
    return Group.objects.filter(pk__in=ids).order_by("name")

"""Groups: the roles of people, and what staff may do. Who manages staff changes those that are not above themselves."""

from typing import Any, Final

from django import forms
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff_group import permissions_named
from accounts.services import administration
from accounts.services.staff_power import has_all, names_of
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList

_ACTIONS: Final = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view")}


class PermissionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """Permissions, said in the language of whoever looks: the names that Django stores are English."""

    def label_from_instance(self, permission: Any) -> str:
        """Return the model and what may be done to it."""
        model = permission.content_type.model_class()
        own = dict(model._meta.permissions) if model else {}
        action = own.get(permission.codename) or _ACTIONS.get(permission.codename.partition("_")[0], permission.name)
        return f"{permission.content_type} | {action}"


class RoleAdmin(QuickList, GroupAdmin):
    """Shown to staff who may see groups; changed by superusers, and as far as they may themselves by who manages staff.

    Django's own permissions to add, change and delete groups are asked for besides.
    """

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Return the field of the permissions: nobody gives what they have not."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs | {"form_class": PermissionsField})
        if request is not None and not _actor(request).is_superuser:
            field.queryset = permissions_named(_actor(request).get_all_permissions())
        return field

    def get_actions(self, request: HttpRequest) -> Any:
        """Return no actions: groups are deleted one at a time, each asked for whether it may be."""
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell whether a group may be made."""
        return super().has_add_permission(request) and _manages(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a group may be renamed or given permissions."""
        return super().has_change_permission(request, obj) and _manages(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a group may be deleted."""
        return super().has_delete_permission(request, obj) and _manages(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Save the permissions, and note it."""
        super().save_related(request, form, formsets, change)
        actor, origin = _actor(request), origin_of(request)
        administration.note_group(group=form.instance, is_new=not change, actor=actor, origin=origin)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        """Delete by a service, which notes it."""
        administration.delete_group(group=obj, actor=_actor(request), origin=origin_of(request))


def _manages(request: HttpRequest, group: Group | None) -> bool:
    actor = _actor(request)
    if actor.is_superuser:
        return True
    return actor.has_perm("accounts.manage_staff") and (group is None or has_all(actor, names_of(group)))


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user

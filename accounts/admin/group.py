"""Groups: the roles of people, and what staff may do. They give power, so superusers alone change them."""

from typing import Any, Final

from django import forms
from django.contrib.auth.admin import GroupAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_ACTIONS: Final = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view")}


class PermissionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """Permissions, said in the language of whoever looks: the names that Django stores are English."""

    def label_from_instance(self, permission: Any) -> str:
        """Return the model and what may be done to it."""
        action = permission.codename.partition("_")[0]
        return f"{permission.content_type} | {_ACTIONS.get(action, permission.name)}"


class RoleAdmin(GroupAdmin):
    """Shown to staff who may see groups, changed by superusers."""

    list_per_page = 50
    show_full_result_count = False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:
        """Return the field of the permissions."""
        return super().formfield_for_manytomany(db_field, request, **kwargs | {"form_class": PermissionsField})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell whether a group may be made."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a group may be renamed or given permissions."""
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether a group may be deleted."""
        return _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser

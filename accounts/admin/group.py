"""Groups: the roles of people, and what staff may do. They give power, so superusers alone change them."""

from typing import Any

from django.contrib.auth.admin import GroupAdmin
from django.http import HttpRequest

from accounts.models import User


class RoleAdmin(GroupAdmin):
    """Shown to staff who may see groups, changed by superusers."""

    list_per_page = 50
    show_full_result_count = False

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

"""The filter of people by group."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_CHOICES: Final = 50


class GroupFilter(admin.SimpleListFilter):
    """The people of one group. The first few groups are offered: nobody reads a sidebar of thousands.

    Django's own filter asks for each person twice, in case that a group has them twice, which none can.
    """

    title = _("group")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer groups."""
        groups: Any = Group.objects.order_by("name").values_list("pk", "name")[:_CHOICES]
        return [(str(key), name) for key, name in groups]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list to the chosen group."""
        chosen = self.value()
        return queryset.in_group(int(chosen)) if chosen and chosen.isascii() and chosen.isdigit() else queryset

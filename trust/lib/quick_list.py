"""Lists of the administration that answer as quickly for a million rows as for a thousand."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from trust.lib.bounded_paginator import BoundedPaginator
from trust.lib.fresh_plans import fresh_plans

_CHOICES: Final = 50


class QuickChangeList(ChangeList):
    """A list that is sorted by the columns of `sortable_by` alone, whatever an address asks for."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Return by what a column is sorted, or None: Django heeds `sortable_by` only where it draws the links."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows that are shown, and find them now."""
        with fresh_plans():
            super().get_results(request)
            self.result_list = self.result_list[: self.list_max_show_all]
            len(self.result_list)


class QuickList(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the checker only
    """The base of all our ModelAdmins: nothing that a list shows is counted or sorted among all rows.

    A subclass names in `sortable_by` those columns of a large table that have an index.
    """

    paginator = BoundedPaginator
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[Any] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the kind of list."""
        return QuickChangeList

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Tell whether an address may filter by this: by the filters of the sidebar, and by nothing else.

        Django allows every column, so that who may see the list could find a hash by asking for its beginning.
        """
        offered = [_parameter(each) for each in (self.get_list_filter(request) if request else self.list_filter)]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return is_offered and bool(super().lookup_allowed(lookup, value, request))

    def response_action(self, request: HttpRequest, queryset: Any, *where: Any) -> HttpResponse | None:
        """Do what was chosen to rows that were ticked, never to all that a search finds: those may be a million."""
        if request.POST.get("select_across", "0") == "0":
            return super().response_action(request, queryset, *where)
        messages.error(request, _("Tick the rows themselves: nothing is done to rows that are not in view."))
        return redirect(request.get_full_path())


class FewChoicesFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers the first few of them: nobody reads a sidebar of thousands."""

    include_empty_choice = False  # to look for who has none is to read all

    def has_output(self) -> bool:
        """Tell whether there is anything to choose; where there is not, Django does not filter either."""
        return bool(self.lookup_choices)

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows = field.remote_field.model._default_manager.order_by(*ordering)
        return [(row.pk, str(row)) for row in rows[:_CHOICES]]


def _parameter(offered: Any) -> str:
    """Return the beginning of what a filter of the sidebar is called in an address."""
    if isinstance(offered, str):
        return offered
    return str(offered[0] if isinstance(offered, list | tuple) else offered.parameter_name)

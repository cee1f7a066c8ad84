"""Pages of the administration that show rows and change none, and the filters by their state."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trust.lib import clock
from trust.lib.quick_list import QuickList


class ReadOnlyAdmin(QuickList):
    """Lists and shows; nothing is added, changed or deleted by hand, whoever asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell that rows are made by services alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell that rows are changed by services alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell that rows are deleted by housekeeping alone."""
        return False


class StateFilter(admin.SimpleListFilter):
    """Rows that count now, and those that are over, as their queryset says: `alive()` and `over_since()`."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer both."""
        return [("open", _("open")), ("over", _("over"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list to the chosen state."""
        match self.value():
            case "open":
                return queryset.alive()
            case "over":
                return queryset.over_since(clock.now())
        return queryset


class EndFilter(admin.SimpleListFilter):
    """Rows that nobody ended, that somebody ended, and whose time was up: a subclass says which, each by an index."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer the three."""
        return [("open", _("open")), ("ended", _("ended")), ("expired", _("expired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list to the chosen state."""
        match self.value():
            case "open":
                return self.open(queryset, clock.now())
            case "ended":
                return self.ended(queryset, clock.now()).order_by()
            case "expired":
                return self.expired(queryset, clock.now()).order_by()
        return queryset

    def open(self, queryset: Any, now: datetime) -> Any:
        """Return the rows that count now."""
        raise NotImplementedError

    def ended(self, queryset: Any, now: datetime) -> Any:
        """Return the rows that somebody ended."""
        raise NotImplementedError

    def expired(self, queryset: Any, now: datetime) -> Any:
        """Return the rows whose time was up before anybody ended them."""
        raise NotImplementedError

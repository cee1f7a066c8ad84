"""Grants that refresh: which client may go on for whom, since when, and the end of it. No token is kept or shown."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oauth.models import RefreshToken
from oauth.services import grants
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter
from trust.lib.read_only_admin import EndFilter, ReadOnlyAdmin


class GrantStateFilter(EndFilter):
    """Grants by what became of them."""

    def open(self, queryset: Any, now: datetime) -> Any:
        """Return those that count now."""
        return queryset.not_revoked().unexpired(now)

    def ended(self, queryset: Any, now: datetime) -> Any:
        """Return those that somebody ended."""
        return queryset.revoked_since(now)

    def expired(self, queryset: Any, now: datetime) -> Any:
        """Return those whose time was up."""
        return queryset.expired_since(now).not_revoked()


@admin.register(RefreshToken)
class GrantAdmin(ReadOnlyAdmin):
    """Grants, the newest first; staff who may change refresh tokens may end them."""

    list_display = ("person", "client", "state", "offline", "created", "rotated_at")
    list_display_links = ("person",)
    list_filter = (GrantStateFilter, ("application", FewChoicesFilter))
    search_fields = ("user", "application")
    search_help_text = _("The beginning of a username, of an address or of a name; a person's ID; a whole client ID.")
    actions = ("end",)
    fields = (
        *("grant", "person", "client", "state", "scope", "offline", "session"),
        *("auth_time", "amr", "acr", "created", "rotated_at", "expires_at", "revoked"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return grants with whom and what they name, looked up for those that are shown alone."""
        return super().get_queryset(request).prefetch_related("user", "application")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    def get_ordering(self, request: HttpRequest) -> tuple[str]:
        """Return the order of the index that finds them: a grant expires a fixed time after its beginning."""
        return ("-revoked",) if request.GET.get("state") == "ended" else ("-expires_at",)

    @admin.display(description=_("person"))
    def person(self, token: RefreshToken) -> Any:
        """Return for whom the client may go on."""
        return token.user

    @admin.display(description=_("client"))
    def client(self, token: RefreshToken) -> Any:
        """Return the client."""
        return token.application

    @admin.display(description=_("state"))
    def state(self, token: RefreshToken) -> Any:
        """Return what has become of the grant."""
        if token.revoked is not None:
            return _("ended")
        return _("expired") if token.expires_at <= clock.now() else _("open")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list under the name of what the rows are."""
        return super().changelist_view(request, {"title": _("Grants"), **(extra_context or {})})

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Tell whether grants may be ended: Django's permission to change refresh tokens."""
        return request.user.has_perm("oauth.change_refreshtoken")

    @admin.action(description=_("End the selected grants"), permissions=["end"])
    def end(self, request: HttpRequest, chosen: "QuerySet[RefreshToken]") -> None:
        """End grants: their refresh tokens and their access tokens die."""
        ending = list(chosen.not_revoked())  # type: ignore[attr-defined]  # our own queryset
        for token in ending:
            grants.end(
                grant=token.grant,
                reason="administrator",
                user_id=token.user_id,
                client_id=token.application.client_id,
                actor=request.user.pk,
                origin=origin_of(request),
            )
        text = ngettext("%(count)d grant was ended.", "%(count)d grants were ended.", len(ending))
        messages.success(request, text % {"count": len(ending)})

"""Sessions at clients: which clients know of which session, and what became of telling them that it ended."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from oauth.jobs import back_channel_logout
from oauth.models import ClientSession
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(ClientSession)
class ClientSessionAdmin(ReadOnlyAdmin):
    """Sessions at clients, the newest first; staff who may change them may have clients told again."""

    list_display = ("whose", "client", "session", "logout", "attempts", "attempted_at", "outcome")
    list_display_links = ("whose",)
    list_filter = ("logout", ("client", FewChoicesFilter))
    search_fields = ("session", "client")
    search_help_text = _("The beginning of a username, of an address or of a name; a person's ID; a whole client ID.")
    ordering = ("-pk",)
    actions = ("tell_again",)
    fields = ("whose", "client", "session", "created", "logout", "attempts", "attempted_at", "outcome")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return rows with whom and what they name, looked up for those that are shown alone."""
        return super().get_queryset(request).prefetch_related("session__user", "client")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    @admin.display(description=_("person"))
    def whose(self, at_client: ClientSession) -> Any:
        """Return whose session it is, or was."""
        return at_client.session.user if at_client.session else at_client.person

    def has_tell_permission(self, request: HttpRequest) -> bool:
        """Tell whether clients may be told again: Django's permission to change these rows."""
        return request.user.has_perm("oauth.change_clientsession")

    @admin.action(description=_("Tell the selected clients again, where they were given up"), permissions=["tell"])
    def tell_again(self, request: HttpRequest, chosen: "QuerySet[ClientSession]") -> None:
        """Begin anew with clients that were given up, unless they are disabled."""
        assert isinstance(request.user, User)
        actor, origin = request.user.pk, origin_of(request)
        told = sum(back_channel_logout.tell_again(pk, actor=actor, origin=origin) for pk in _keys(chosen))
        text = ngettext("%(count)d client is told again.", "%(count)d clients are told again.", told)
        messages.success(request, text % {"count": told})


def _keys(chosen: "QuerySet[ClientSession]") -> list[int]:
    return list(chosen.values_list("pk", flat=True))

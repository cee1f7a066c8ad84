"""Sessions: who is signed in, by which door, from where, and the end of it."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Session, User
from accounts.services import sessions
from accounts.services.staff_power import may_act_on
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import EndFilter, ReadOnlyAdmin


class SessionStateFilter(EndFilter):
    """Sessions by what became of them."""

    def open(self, queryset: Any, now: datetime) -> Any:
        """Return those that count now."""
        return queryset.alive()

    def ended(self, queryset: Any, now: datetime) -> Any:
        """Return those that somebody ended."""
        return queryset.ended_since(now)

    def expired(self, queryset: Any, now: datetime) -> Any:
        """Return those whose time was up."""
        return queryset.expired_since(now).not_ended()


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions, the newest sign-in first; staff who may change sessions may end them."""

    list_display = ("user", "state", "kind", "acr", "client_address", "agent", "created", "last_seen")
    list_filter = (SessionStateFilter,)
    search_fields = ("id", "user")
    search_help_text = _("The beginning of a username, of an address or of a name; a person's ID, or a session's.")
    actions = ("end",)
    fields = (
        *("id", "user", "impersonator", "kind", "state", "acr", "amr", "auth_time"),
        *("client_address", "user_agent", "created", "last_seen", "expires_at", "ended_at"),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return sessions with their people, who are looked up for those that are shown alone."""
        return super().get_queryset(request).prefetch_related("user")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    def get_ordering(self, request: HttpRequest) -> Any:
        """Return the order of the index that finds them: a session expires a fixed time after its sign-in."""
        return ["-ended_at"] if request.GET.get("state") == "ended" else ["-expires_at"]

    @admin.display(description=_("user agent"))
    def agent(self, session: Session) -> str:
        """Return the beginning of the user agent."""
        return session.user_agent[:60]

    @admin.display(description=_("state"))
    def state(self, session: Session) -> Any:
        """Return what has become of the session."""
        if session.ended_at is not None:
            return _("ended")
        return _("expired") if session.expires_at <= clock.now() else _("open")

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Tell whether sessions may be ended: Django's permission to change them."""
        return request.user.has_perm("accounts.change_session")

    @admin.action(description=_("End the selected sessions"), permissions=["end"])
    def end(self, request: HttpRequest, chosen: "QuerySet[Session]") -> None:
        """End sessions; those of staff are ended by those who manage staff, a superuser's by superusers."""
        actor = request.user
        assert isinstance(actor, User)
        mine = [session for session in chosen if session.user == actor or may_act_on(actor, session.user)]
        ended = [
            sessions.end(session_id=session.pk, reason="administrator", actor=actor.pk, origin=origin_of(request))
            for session in mine
        ]
        text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", sum(ended))
        messages.success(request, text % {"count": sum(ended)})

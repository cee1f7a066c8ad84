"""Sessions: who is signed in, by which door, from where, and the end of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Session, User
from accounts.services import sessions
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin, StateFilter


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions, newest use first; staff who may change sessions may end them."""

    list_display = ("user", "kind", "acr", "client_address", "agent", "created", "last_seen", "state")
    list_filter = (StateFilter, "kind", "acr", "created")
    list_select_related = ("user",)
    search_fields = ("^user__username", "^user__email")
    search_help_text = _("The beginning of a username or of an address.")
    ordering = ("-last_seen",)
    actions = ("end",)
    fields = (
        *("id", "user", "kind", "state", "acr", "amr", "auth_time"),
        *("client_address", "user_agent", "created", "last_seen", "expires_at", "ended_at"),
    )

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
        """End sessions; a superuser's are ended by superusers alone."""
        actor = request.user
        assert isinstance(actor, User)
        mine = [session for session in chosen if actor.is_superuser or not session.user.is_superuser]
        ended = [
            sessions.end(session_id=session.pk, reason="administrator", actor=actor.pk, origin=origin_of(request))
            for session in mine
        ]
        text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", sum(ended))
        messages.success(request, text % {"count": sum(ended)})

"""Consents: who allowed which client what, and the taking back of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oauth.models import Consent
from oauth.services import grants
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Consents, the newest first; staff who may change consents may revoke them, with the grants that they led to."""

    list_display = ("user", "client", "scope", "updated")
    list_filter = (("client", FewChoicesFilter),)
    search_fields = ("user", "client")
    search_help_text = _("The beginning of a username, of an address or of a name; a person's ID; a whole client ID.")
    ordering = ("-pk",)
    actions = ("revoke",)
    fields = ("user", "client", "scope", "declined", "authorization_details", "created", "updated")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return consents with whom and what they name, looked up for those that are shown alone."""
        return super().get_queryset(request).prefetch_related("user", "client")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell whether consents may be revoked: Django's permission to change them."""
        return request.user.has_perm("oauth.change_consent")

    @admin.action(description=_("Revoke the selected consents, and end their grants"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: "QuerySet[Consent]") -> None:
        """Take consents back: the client's tokens die, and the person is asked anew."""
        pairs = [(consent.user_id, consent.client_id) for consent in chosen]
        for user_id, client_pk in pairs:
            grants.revoke_app(user_id=user_id, client_pk=client_pk, actor=request.user.pk, origin=origin_of(request))
        text = ngettext("%(count)d consent was revoked.", "%(count)d consents were revoked.", len(pairs))
        messages.success(request, text % {"count": len(pairs)})

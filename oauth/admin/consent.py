"""Consents: who allowed which client what, and the taking back of it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oauth.models import Consent
from oauth.services import grants
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Consents, the newest first; staff who may change consents may revoke them, with the grants that they led to."""

    list_display = ("user", "client", "scope", "updated")
    list_filter = ("updated",)
    list_select_related = ("user", "client")
    search_fields = ("^user__username", "^user__email", "^client__name", "=client__client_id")
    search_help_text = _("The beginning of a username, of an address or of a client's name, or a client ID.")
    ordering = ("-updated",)
    actions = ("revoke",)
    fields = ("user", "client", "scope", "created", "updated")

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

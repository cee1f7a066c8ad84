"""Initial access tokens: how many clients each is still good for, and the taking back of it. No value is kept."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oauth.models import InitialAccessToken
from oauth.services import initial_access_tokens
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(InitialAccessToken)
class InitialAccessTokenAdmin(ReadOnlyAdmin):
    """Tokens, the newest first; `manage.py create_initial_access_token` makes them."""

    list_display = ("id", "created", "expires", "uses_left")
    list_filter = ("created",)
    ordering = ("-created",)
    actions = ("revoke",)
    fields = ("created", "expires", "uses_left")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell whether tokens may be taken back: Django's permission to delete them."""
        return request.user.has_perm("oauth.delete_initialaccesstoken")

    @admin.action(description=_("Revoke the selected initial access tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: "QuerySet[InitialAccessToken]") -> None:
        """Take tokens back: nobody registers a client by them any more; the clients that there are stay."""
        actor: Any = request.user.pk
        pks = [token.pk for token in chosen]
        count = sum(initial_access_tokens.revoke(pk=pk, actor=actor, origin=origin_of(request)) for pk in pks)
        text = ngettext("%(count)d token was revoked.", "%(count)d tokens were revoked.", count)
        messages.success(request, text % {"count": count})

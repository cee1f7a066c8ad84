"""Personal access tokens: whose, what each may do and when it was last used, and the end of it. No value is shown."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.services.staff_power import may_act_on
from oauth.models import PersonalAccessToken
from oauth.services import personal_access_tokens
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin


class TokenStateFilter(admin.SimpleListFilter):
    """Tokens that are good, and those whose time was up; what was ended is gone."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both."""
        return [("open", _("open")), ("expired", _("expired"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Narrow the list to the chosen state."""
        now: datetime = clock.now()
        match self.value():
            case "open":
                return queryset.unexpired(now)
            case "expired":
                return queryset.expired_since(now).order_by()
        return queryset


@admin.register(PersonalAccessToken)
class PersonalAccessTokenAdmin(ReadOnlyAdmin):
    """Tokens, the last to expire first; staff who may change them may end them."""

    list_display = ("person", "name", "scope", "expires_at", "last_used_at")
    list_display_links = ("person",)
    list_filter = (TokenStateFilter,)
    search_fields = ("user",)
    search_help_text = _("The beginning of a username, of an address or of a name; or a person's ID.")
    ordering = ("-expires_at",)
    actions = ("end",)
    fields = ("id", "person", "name", "scope", "created", "expires_at", "last_used_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return tokens with their people, looked up for those that are shown alone."""
        return super().get_queryset(request).prefetch_related("user")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by what has an index."""
        return queryset.searched(search_term) if search_term else queryset, False

    @admin.display(description=_("person"))
    def person(self, token: PersonalAccessToken) -> Any:
        """Return whose it is."""
        return token.user

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Tell whether tokens may be ended: Django's permission to change them."""
        return request.user.has_perm("oauth.change_personalaccesstoken")

    @admin.action(description=_("End the selected tokens"), permissions=["end"])
    def end(self, request: HttpRequest, chosen: "QuerySet[PersonalAccessToken]") -> None:
        """End tokens, but for those of staff who may more than whoever asks."""
        theirs = [token for token in chosen if may_act_on(request.user, token.user)]
        ended = sum(_end(request, token) for token in theirs)
        text = ngettext("%(count)d token was ended.", "%(count)d tokens were ended.", ended)
        messages.success(request, text % {"count": ended})
        if len(theirs) < len(chosen):
            messages.error(request, _("Tokens of staff who may more than you are ended by others."))


def _end(request: HttpRequest, token: PersonalAccessToken) -> bool:
    return personal_access_tokens.end(
        user_id=token.user_id,
        token_id=token.pk,
        reason="administrator",
        actor=request.user.pk,
        origin=origin_of(request),
    )

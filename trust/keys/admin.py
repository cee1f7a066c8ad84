"""The signing keys, read by staff: their states by dates, never the keys. Superusers rotate them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from trust.audit.record import record
from trust.keys.models import SigningKey
from trust.keys.rotation import rotate
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Keys, the newest first, and the button that rotates."""

    list_display = ("kid", "algorithm", "state", "published_from", "signs_from", "signs_until", "published_until")
    list_filter = ("algorithm",)
    fields = list_display
    ordering = ("-signs_from", "algorithm")

    @admin.display(description=_("state"))
    def state(self, key: SigningKey) -> Any:
        """Return what the key does now, by its dates."""
        now = clock.now()
        if now < key.signs_from:
            return _("published, signs later")
        if now < key.signs_until:
            return _("signs")
        return _("verifies only") if now < key.published_until else _("expired")

    def get_urls(self) -> list[URLPattern]:
        """Add the rotation's address."""
        rotation = path("rotate/", self.admin_site.admin_view(self.rotate), name="keys_signingkey_rotate")
        return [rotation, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the keys, and to superusers the button."""
        context = {"may_rotate": _may_rotate(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    @method_decorator(require_POST)
    def rotate(self, request: HttpRequest) -> HttpResponse:
        """Make the next keys: they sign in an hour, or at once if `immediately` was chosen."""
        if not _may_rotate(request):
            raise PermissionDenied("rotation is for superusers")
        immediately = request.POST.get("when") == "immediately"
        made = rotate(now=clock.now(), immediately=immediately)
        details = {"immediately": immediately, "made": len(made)}
        record("signing_keys.rotated", actor=request.user.pk, origin=origin_of(request), details=details)
        text = ngettext("%(count)d key was made.", "%(count)d keys were made.", len(made))
        messages.success(request, text % {"count": len(made)})
        return redirect("admin:keys_signingkey_changelist")


def _may_rotate(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))

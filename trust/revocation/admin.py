"""The feed's entries, read by staff."""

from django.contrib import admin

from trust.lib.read_only_admin import ReadOnlyAdmin
from trust.revocation.models import Revocation


@admin.register(Revocation)
class RevocationAdmin(ReadOnlyAdmin):
    """What is revoked, the newest first."""

    list_display = ("kind", "key", "revoked_at", "expires_at")
    list_filter = ("kind",)
    search_fields = ("=key",)
    ordering = ("-revoked_at",)

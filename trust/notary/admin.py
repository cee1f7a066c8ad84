"""The signed heads in the administration: read, and taken away to be kept elsewhere."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from trust.audit.models import SignedHead
from trust.keys.ring import InvalidToken
from trust.lib.read_only_admin import ReadOnlyAdmin
from trust.notary import heads, kept_heads


@admin.register(SignedHead)
class SignedHeadAdmin(ReadOnlyAdmin):
    """Heads and checkpoints, the newest first, each with its file."""

    list_display = ("at", "kind", "sequence", "count", "file")
    list_display_links = ("at",)
    list_filter = ("kind",)
    ordering = ("-id",)
    fields = ("at", "kind", "sequence", "hash_in_chain", "count", "key", "file")

    def get_urls(self) -> list[URLPattern]:
        """Add the file's address."""
        view = self.admin_site.admin_view(self.export)
        return [path("<int:pk>/head.json", view, name="audit_signedhead_file"), *super().get_urls()]

    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a head as `audit_verify --head` reads it."""
        if not self.has_view_permission(request):
            raise PermissionDenied("heads are for who may see them")
        head: Any = self.get_object(request, str(pk))
        if head is None:
            raise Http404("no such head")
        try:
            content = json.dumps(heads.exported(head), indent=2)
        except InvalidToken as broken:  # somebody wrote into the table
            raise Http404("no head that was signed here") from broken
        name = f"audit-{head.kind}-{head.sequence}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(f"{content}\n", content_type="application/json", headers=headers)

    @admin.display(description=_("file to keep elsewhere"))
    def file(self, head: SignedHead) -> str:
        """Link to the file."""
        address = reverse("admin:audit_signedhead_file", args=[head.pk])
        return format_html('<a href="{}">{}</a>', address, _("download"))

    @admin.display(description=_("chain hash"))
    def hash_in_chain(self, head: SignedHead) -> str:
        """Return the hash as an export has it."""
        return bytes(head.chain_hash).hex()

    @admin.display(description=_("signature"))
    def key(self, head: SignedHead) -> Any:
        """Say whose key signed it."""
        if kept_heads.is_sound(head):
            return _("by a key of this site")
        return _("by no key that this site has now")

"""The audit trail, read by staff: never added to, changed or deleted by hand; exported by those who may."""

import json
import uuid
from datetime import UTC
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from trust.audit import exports
from trust.audit.admin.filters import TrailFilter
from trust.audit.models import AuditEvent, SignedHead, tail
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.read_only_admin import ReadOnlyAdmin

_BRIEF: Final = 80  # characters of the details in a row
_FORMATS: Final = {
    "jsonl": (exports.json_lines, "application/jsonl; charset=utf-8"),
    "csv": (exports.csv_rows, "text/csv; charset=utf-8"),
}


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Events, the newest first, found by what the filter asks for: all of it has an index."""

    change_list_template = "admin/audit/auditevent/change_list.html"
    list_display = ("moment", "action", "person", "by", "client_id", "client_address", "brief")
    list_display_links = ("moment",)
    list_filter = (TrailFilter,)
    ordering = ("-id",)
    search_fields = ("action",)
    search_help_text = _("A person's ID, or an action such as session.started.")
    fields = (
        *("at", "action", "person", "by", "session", "client_id", "details"),
        *("client_address", "user_agent", "identifier", "sequence", "hash_in_chain"),
    )

    class Media:
        """The page's own style."""

        css: ClassVar = {"all": ("css/audit.css",)}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Tell whether an address may filter by this: by the fields of the filter, and by nothing else."""
        return lookup in TrailFilter.names

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by person if the term is an id, else by action."""
        if not search_term:
            return queryset, False
        try:
            return queryset.about(uuid.UUID(search_term)), False
        except ValueError:
            return queryset.of_action(search_term), False

    def get_urls(self) -> list[URLPattern]:
        """Add the export's address."""
        view = self.admin_site.admin_view(self.export)
        return [path("export/<slug:kind>/", view, name="audit_auditevent_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the events, and above them how far the chain goes."""
        context = {
            "sealed": AuditEvent.objects.sealed().last(),
            "tail": tail(now=clock.now()),
            "head": SignedHead.objects.heads().first(),
            "may_export": _may_export(request),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @method_decorator(require_POST)
    def export(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """Send all events that the address asks for, as the list would show them, and record that."""
        if not _may_export(request):
            raise PermissionDenied("to export needs a permission of its own")
        if kind not in _FORMATS:
            raise Http404(kind)
        write, content_type = _FORMATS[kind]
        shown: Any = self.get_changelist_instance(request)
        asked = next((spec.asked() for spec in shown.filter_specs if isinstance(spec, TrailFilter)), {})
        details = {"format": kind, "filters": asked, "searched": bool(shown.query)}
        record("audit.exported", actor=request.user.pk, origin=origin_of(request), details=details)
        name = f"audit-{clock.now():%Y-%m-%d-%H%M%S}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(write(shown.queryset), content_type=content_type, headers=headers)

    @admin.display(description=_("person"))
    def person(self, event: AuditEvent) -> str:
        """Link to the person whose account it concerns."""
        return _linked(event.subject)

    @admin.display(description=_("at (UTC)"))
    def moment(self, event: AuditEvent) -> str:
        """Return when it was, to the second: many events are of one minute."""
        return f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("details"))
    def brief(self, event: AuditEvent) -> str:
        """Return the beginning of the details, so that a row stays a row; the event's own page has all."""
        return Truncator(json.dumps(event.details, ensure_ascii=False)).chars(_BRIEF) if event.details else "–"

    @admin.display(description=_("by"))
    def by(self, event: AuditEvent) -> str:
        """Link to who did it, if that was somebody else."""
        return _linked(event.actor)

    @admin.display(description=_("chain hash"))
    def hash_in_chain(self, event: AuditEvent) -> str:
        """Return the hash as an export has it."""
        return bytes(event.chain_hash).hex() if event.chain_hash else "–"


def _may_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm("audit.view_auditevent") and user.has_perm("audit.export_auditevent"))


def _linked(person: uuid.UUID | None) -> str:
    if person is None:
        return "–"
    meta = get_user_model()._meta
    return format_html(
        '<a class="person-id" title="{}" href="{}">{}</a>',
        person,
        reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[person]),
        person,
    )

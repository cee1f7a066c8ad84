"""The audit trail, read by staff: never added to, changed or deleted by hand."""

import uuid
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from trust.audit.models import AuditEvent
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Events, the newest first, found by person or by kind: both are indexed."""

    list_display = ("at", "action", "person", "by", "client_address", "details")
    list_display_links = ("at",)
    ordering = ("-id",)
    search_fields = ("action",)
    search_help_text = _("A person's ID, or an action such as session.started.")
    fields = (
        *("at", "action", "person", "by", "session", "client_id", "details"),
        *("client_address", "user_agent", "identifier", "sequence"),
    )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by person if the term is an id, else by action."""
        if not search_term:
            return queryset, False
        try:
            return queryset.about(uuid.UUID(search_term)), False
        except ValueError:
            return queryset.of_action(search_term), False

    @admin.display(description=_("person"))
    def person(self, event: AuditEvent) -> str:
        """Link to the person whose account it concerns."""
        return _linked(event.subject)

    @admin.display(description=_("by"))
    def by(self, event: AuditEvent) -> str:
        """Link to who did it, if that was somebody else."""
        return _linked(event.actor)


def _linked(person: uuid.UUID | None) -> str:
    if person is None:
        return "–"
    meta = get_user_model()._meta
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[person]), person
    )

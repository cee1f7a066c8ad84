"""Why requests were refused, read by staff for an hour: by client, endpoint and time, or by reference."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from trust.explain import differences, reading
from trust.explain.models import Explanation
from trust.explain.note import reference_in
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.lib.read_only_admin import ReadOnlyAdmin

_ADDRESSES = frozenset({Found.REDIRECT_URI_DIFFERS, Found.CODE_REDIRECT_URI})


@admin.register(Explanation)
class ExplanationAdmin(ReadOnlyAdmin):
    """Explanations, the newest first."""

    list_display = ("time", "endpoint", "client_id", "found", "reference")
    list_display_links = ("time", "reference")
    list_filter = ("endpoint", "error")
    ordering = ("-pk",)
    search_fields = ("reference",)
    search_help_text = _("A reference, or a client ID.")
    fields = (
        *("reference", "at", "endpoint", "client_id", "person_linked", "error", "step"),
        *("found", "compared", "mend"),
    )
    readonly_fields = ("person_linked", "found", "compared", "mend")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Explanation]:
        """Show those alone that are not too old."""
        return Explanation.objects.kept_at(clock.now())

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by reference if the term is one, else by client."""
        if not search_term:
            return queryset, False
        reference = reference_in(search_term)
        found = queryset.by_reference(reference) if reference else queryset.none()
        return found | queryset.of_client(search_term.strip()), False

    @admin.display(description=_("time"))
    def time(self, explanation: Explanation) -> str:
        """Return when it was, in UTC: it was within the hour."""
        return f"{explanation.at:%H:%M:%S}"

    @admin.display(description=_("what was found"))
    def found(self, explanation: Explanation) -> str:
        """Say what was found."""
        return reading.found(explanation) or "–"

    @admin.display(description=_("how to mend it"))
    def mend(self, explanation: Explanation) -> str:
        """Say how to mend it."""
        return reading.mend(explanation)

    @admin.display(description=_("person"))
    def person_linked(self, explanation: Explanation) -> str:
        """Link to whom it concerns."""
        if explanation.person is None:
            return "–"
        meta = get_user_model()._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[explanation.person])
        return format_html('<a href="{}">{}</a>', address, explanation.person)

    @admin.display(description=_("compared"))
    def compared(self, explanation: Explanation) -> str:
        """Show an address that came below the nearest registered one, and point at where they differ."""
        came, expected = explanation.came, explanation.expected
        if explanation.finding not in _ADDRESSES or not (came and expected):
            return "–"
        place = differences.first(came, expected)
        words = format_html_join(mark_safe("<br>"), "{}", ((each,) for each in differences.in_words(came, expected)))
        told = {_("came"): _pointed_at(came, place), _("nearest registered address"): _pointed_at(expected, place)}
        lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", (told | {_("difference"): words}).items())
        return format_html("<dl>{}</dl>", lines)


def _pointed_at(text: str, place: int) -> SafeString:
    pointed_at = text[place : place + 1] or "␣"
    return format_html("<code>{}<mark>{}</mark>{}</code>", text[:place], pointed_at, text[place + 1 :])

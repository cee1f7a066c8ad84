"""Deliveries in the administration: what was sent to whom, what came of it, and the dead letters sent again."""

import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trust.events import deliveries, sending, standard_webhooks
from trust.events.models import Delivery, Receiver
from trust.events.rfc8417_security_event_token import claims_of
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.quick_list import FewChoicesFilter
from trust.lib.read_only_admin import ReadOnlyAdmin


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries, the newest first; staff who may change them send again what was given up."""

    change_form_template = "admin/events/delivery/change_form.html"
    list_display = ("event", "receiver", "state", "outcome", "at")
    list_filter = ("state", ("receiver", FewChoicesFilter))
    list_select_related = ("receiver",)
    search_fields = ("jti",)
    search_help_text = _("The ID of an event: its jti or webhook-id.")
    ordering = ("-pk",)
    actions = ("send_again",)
    fields = (
        *("event", "receiver", "jti", "at", "state", "attempts", "created", "attempted_at", "next_attempt"),
        *("ended_at", "outcome", "content"),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the button."""
        again = path(
            "<int:pk>/send-again/", self.admin_site.admin_view(self.send_one_again), name="events_delivery_again"
        )
        return [again, *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search by the ID alone, which is indexed."""
        if not search_term:
            return queryset, False
        try:
            return queryset.of_id(uuid.UUID(search_term)), False
        except ValueError:
            return queryset.none(), False

    @admin.display(description=_("next attempt"))
    def next_attempt(self, delivery: Delivery) -> Any:
        """Return when it is tried next, which may be later where the receiver is left alone."""
        return delivery.due_at if delivery.state == Delivery.State.WAITING else self.get_empty_value_display()

    @admin.display(description=_("what is sent"))
    def content(self, delivery: Delivery) -> Any:
        """Return what it says, not signed."""
        notice, receiver = sending.notice_of(delivery), delivery.receiver
        if receiver.format == Receiver.Format.SET:
            audience = receiver.audience or receiver.origin
            said = claims_of(notice, audience=audience, issuer=settings.ISSUER)
        else:
            said = json.loads(standard_webhooks.body_of(notice, issuer=settings.ISSUER))
        return format_html('<pre class="claims">{}</pre>', json.dumps(said, indent=2))

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Tell whether deliveries may be sent again: Django's permission to change them."""
        return request.user.has_perm("events.change_delivery")

    @admin.action(description=_("Send the selected deliveries again, where they were given up"), permissions=["send"])
    def send_again(self, request: HttpRequest, chosen: "QuerySet[Delivery]") -> None:
        """Let dead letters wait again."""
        again = deliveries.send_again(
            list(chosen.values_list("pk", flat=True)),
            now=clock.now(),
            actor=request.user.pk,
            origin=origin_of(request),
        )
        text = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", again)
        messages.success(request, text % {"count": again})

    def send_one_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, and let one dead letter wait again."""
        delivery = Delivery.objects.given_up().by_pks([pk]).first()
        if delivery is None or not self.has_send_permission(request):
            raise Http404
        if request.method == "POST":
            self.send_again(request, Delivery.objects.by_pks([pk]))
            return redirect("admin:events_delivery_change", pk)
        text = _("It is sent again, from the first attempt on, under the same ID.")
        shown = {"opts": self.opts, "original": delivery, "title": _("Send again"), "text": text}
        return TemplateResponse(
            request, "admin/events/confirm.html", {**self.admin_site.each_context(request), **shown}
        )

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **named: Any) -> Any:
        """Offer the button where it applies."""
        delivery = context.get("original")
        dead = delivery is not None and delivery.state == Delivery.State.GIVEN_UP
        context["may_send_again"] = dead and self.has_send_permission(request)
        return super().render_change_form(request, context, *args, **named)

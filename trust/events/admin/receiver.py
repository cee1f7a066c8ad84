"""Receivers in the administration: made, changed, tested. A secret is shown once, when it is made."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trust.events import receivers
from trust.events.admin.receiver_form import ReceiverForm
from trust.events.admin.receiver_pages import ReceiverPages, by, deliveries_of
from trust.events.models import Receiver
from trust.events.vocabulary import EventType
from trust.lib import clock

_SAID = ("name", "url", "events", "audience", "authorization")
_STANDS = ("format", "state", "answered_at", "outcome", "rest_until", "secret", "created", "updated")


@admin.register(Receiver)
class ReceiverAdmin(ReceiverPages):
    """The list and the form of receivers. Whatever is written, a service writes it."""

    form = ReceiverForm
    change_form_template = "admin/events/receiver/change_form.html"
    list_display = ("name", "origin", "format", "state", "answered_at")
    list_filter = ("is_active", "format")
    search_fields = ("name",)
    search_help_text = _("A part of a name.")
    ordering = ("name",)
    view_on_site = False
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what stands where; who may only look sees neither path nor credentials."""
        if obj is None:
            return [(None, {"fields": ("name", "format", *_SAID[1:])})]
        if not self.has_change_permission(request, obj):
            shown = ("name", "origin", "kinds_shown", "audience", "authorization_shown", "is_active")
            return [(None, {"fields": shown}), (_("How it answers"), {"fields": _STANDS})]
        said = (*_SAID, *(("without_authorization",) if obj.sealed_authorization else ()), "is_active")
        return [(None, {"fields": said}), (_("How it answers"), {"fields": _STANDS})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what the worker or a service writes; a format is chosen once."""
        return (*_STANDS, "origin", "kinds_shown", "authorization_shown") if obj else ()

    @admin.display(description=_("host"), ordering="url")
    def origin(self, receiver: Receiver) -> str:
        """Return where it is, without the path."""
        return receiver.origin

    @admin.display(description=_("events"))
    def kinds_shown(self, receiver: Receiver) -> str:
        """Return what it is told."""
        return ", ".join(str(EventType(kind).label) for kind in sorted(receiver.kinds))

    @admin.display(description=_("Authorization header"))
    def authorization_shown(self, receiver: Receiver) -> Any:
        """Tell whether one is sent, and no more of it."""
        return _("sent") if receiver.sealed_authorization else _("not sent")

    @admin.display(description=_("state"))
    def state(self, receiver: Receiver) -> Any:
        """Return how it does."""
        if not receiver.is_active:
            return _("off")
        if receiver.failing_since is None:
            return _("on")
        text = ngettext("failing: %(count)d attempt", "failing: %(count)d attempts in a row", receiver.failures)
        return text % {"count": receiver.failures}

    @admin.display(description=_("secret"))
    def secret(self, receiver: Receiver) -> Any:
        """Return what signs, by its age alone."""
        if receiver.format == Receiver.Format.SET:
            return _("none: our published keys sign")
        if receiver.old_secret_until is None or receiver.old_secret_until <= clock.now():
            return _("one")
        until = date_format(receiver.old_secret_until, "DATETIME_FORMAT")
        return _("two: the old one signs until %(until)s") % {"until": until}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **named: Any) -> Any:
        """Offer the other pages where they apply."""
        receiver = context.get("original")
        if receiver is not None:
            context |= {
                "deliveries": deliveries_of(receiver),
                "has_secret": receiver.format == Receiver.Format.JSON,
                "has_old_secret": bool(receiver.sealed_old_secret),
            }
        return super().render_change_form(request, context, *args, **named)

    def save_model(self, request: HttpRequest, obj: Receiver, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save by a service."""
        now, who = clock.now(), by(request)
        if not change:
            made, secret = receivers.create(
                format=form.cleaned_data["format"], settings=form.settings(), now=now, by=who
            )
            obj.pk, form.instance.secret_to_show = made.pk, secret
            return
        receivers.change(obj, settings=form.settings(), by=who)
        if form.cleaned_data["is_active"]:
            receivers.switch_on(obj, by=who)
        else:
            receivers.switch_off(obj, by=who)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Everything is saved already."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Show the secret, this once; a receiver that has none is shown as any other."""
        if obj.secret_to_show:
            return self.secret_page(request, obj, obj.secret_to_show)
        return super().response_add(request, obj, post_url_continue)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave Django's own log alone: the audit trail has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Leave Django's own log alone: the audit trail has it."""

    def delete_model(self, request: HttpRequest, obj: Receiver) -> None:
        """Delete by a service."""
        receivers.delete(obj, by=by(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what goes with a receiver, without a list of it: there may be very much."""
        return [str(receiver) for receiver in objs], {}, set(), []

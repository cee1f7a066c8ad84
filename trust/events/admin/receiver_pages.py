"""The pages of a receiver beside its form: a test event, a new secret, the end of the old one. All change by POST."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from trust.events import deliveries, receivers
from trust.events.models import Receiver
from trust.events.receivers import By
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.quick_list import QuickList


class ReceiverPages(QuickList):
    """Each page asks first, and is for those who may change receivers."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages."""
        pages = {"test": self.test, "secret": self.rotate_secret, "end-old-secret": self.end_old_secret}
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(view), name=f"events_receiver_{name}")
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def test(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask, and have a test event sent by the worker."""
        receiver = self._receiver(request, pk)
        if request.method != "POST":
            text = _("%(receiver)s is sent a test event at once. What it answers stands under Deliveries.")
            return self._confirm(request, receiver, _("Send a test event"), text)
        if deliveries.send_test(pk, now=clock.now(), actor=by(request).actor, origin=by(request).origin):
            messages.success(request, _("The test event is on its way. Reload this page to see what it answers."))
            return redirect(deliveries_of(receiver))
        messages.error(request, _("The receiver is off: switch it on first."))
        return redirect("admin:events_receiver_change", pk)

    def rotate_secret(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask, and make a new secret, shown this once."""
        receiver = self._receiver(request, pk)
        if receiver.format != Receiver.Format.JSON:
            raise Http404
        if request.method == "POST":
            return self.secret_page(
                request, receiver, receivers.rotate_secret(receiver, now=clock.now(), by=by(request))
            )
        text = _("%(receiver)s gets a new secret. For a week both sign, so that it can be changed there meanwhile.")
        return self._confirm(request, receiver, _("New secret"), text)

    def end_old_secret(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Ask, and let the old secret sign no more."""
        receiver = self._receiver(request, pk)
        if request.method != "POST":
            text = _("From now on only the new secret signs what %(receiver)s is sent.")
            return self._confirm(request, receiver, _("End the old secret"), text)
        if receivers.end_old_secret(receiver, by=by(request)):
            messages.success(request, _("The old secret signs no more."))
        return redirect("admin:events_receiver_change", pk)

    def secret_page(self, request: HttpRequest, receiver: Receiver, secret: str) -> HttpResponse:
        """Show a secret, this once."""
        return self._page(
            request, "admin/events/receiver/secret.html", receiver, title=_("Secret of the receiver"), secret=secret
        )

    def _receiver(self, request: HttpRequest, pk: uuid.UUID) -> Receiver:
        receiver = Receiver.objects.by_pk(pk).first()
        if receiver is None or not self.has_change_permission(request, receiver):
            raise Http404
        return receiver

    def _confirm(self, request: HttpRequest, receiver: Receiver, title: Any, text: Any) -> HttpResponse:
        return self._page(
            request, "admin/events/confirm.html", receiver, title=title, text=text % {"receiver": receiver}
        )

    def _page(self, request: HttpRequest, template: str, receiver: Receiver, **context: Any) -> HttpResponse:
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "original": receiver, **context}
        return TemplateResponse(request, template, shown)


def by(request: HttpRequest) -> By:
    """Return who of the staff asks, and from where."""
    return By(actor=request.user.pk, origin=origin_of(request))


def deliveries_of(receiver: Receiver) -> str:
    """Return where its deliveries are listed."""
    return f"{reverse('admin:events_delivery_changelist')}?receiver__id__exact={receiver.pk}"

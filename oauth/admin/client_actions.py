"""What staff do to clients in the list: shut out, let in, and note that they were looked at."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oauth.models import Client
from oauth.services import client_review, registration
from oauth.services.service_accounts import may_act_on
from trust.lib.origin import origin_of


@admin.action(description=_("Disable the selected clients, and end their tokens"), permissions=["change"])
def disable(model_admin: object, request: HttpRequest, chosen: "QuerySet[Client]") -> None:
    """Shut clients out at once."""
    _each(request, chosen, registration.disable)


@admin.action(description=_("Enable the selected clients"), permissions=["change"])
def enable(model_admin: object, request: HttpRequest, chosen: "QuerySet[Client]") -> None:
    """Let clients in again, but for those whose roles whoever asks could not give."""
    _each(request, [client for client in chosen if may_act_on(request.user, client)], registration.enable)


@admin.action(description=_("Mark the selected clients as reviewed"), permissions=["change"])
def mark_reviewed(model_admin: object, request: HttpRequest, chosen: "QuerySet[Client]") -> None:
    """Warn people of clients that registered themselves no longer."""
    _each(request, chosen, client_review.mark_reviewed)


def _each(request: HttpRequest, chosen: Iterable[Client], act: Callable[..., Any]) -> None:
    pks = [client.pk for client in chosen]
    for pk in pks:
        act(client_pk=pk, actor=request.user.pk, origin=origin_of(request))
    text = ngettext("Done for %(count)d client.", "Done for %(count)d clients.", len(pks))
    messages.success(request, text % {"count": len(pks)})

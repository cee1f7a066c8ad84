"""A copy of one's own data: asked for here, prepared by the worker, downloaded here."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.conf import EXPORT_KEPT
from accounts.errors import ExportRefused
from accounts.services import data_exports
from accounts.views.person import person_of
from accounts.views.recent_proof import recent_proof_required
from trust.lib import clock
from trust.lib.origin import origin_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def exports(request: HttpRequest) -> HttpResponse:
    """Show the copies that there are, or let one be prepared."""
    person, now = person_of(request), clock.now()
    if request.method == "POST":
        _ask(request)
        return redirect("account_data")
    ready = data_exports.downloadable(user=person, now=now)
    context = {
        "exports": ready,
        "is_waiting": data_exports.is_waiting(user=person, now=now),
        "days": EXPORT_KEPT.days,
    }
    return render(request, "accounts/own_data.html", context)


@login_required
@require_safe
@recent_proof_required
def download(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """Hand out a copy as a file; another person's does not exist for this one."""
    now = clock.now()
    contents = data_exports.take(user=person_of(request), export_id=export_id, now=now, origin=origin_of(request))
    if contents is None:
        raise Http404
    return HttpResponse(
        contents,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="my-data-{now:%Y-%m-%d}.json"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _ask(request: HttpRequest) -> None:
    try:
        data_exports.ask(user=person_of(request), now=clock.now(), origin=origin_of(request))
    except ExportRefused:
        messages.error(request, _("There were enough copies for now. Download one of them, or come back in some days."))
    else:
        messages.success(request, _("Your data is being put together. We send you a mail when it is ready."))

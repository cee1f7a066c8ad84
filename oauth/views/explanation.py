"""GET /oauth/errors/<reference>: what `error_uri` leads to (RFC 6749 section 5.2), for developers and their helpers.

Whoever has the reference reads what the answer told, and how to mend it in general; what was expected is for staff.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from trust.explain import reading
from trust.explain.models import Explanation
from trust.explain.note import reference_in
from trust.lib import clock


@require_safe
def explanation(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a refusal by its reference; what is not there any more is said kindly."""
    found = _kept(reference_in(reference))
    context = {"explanation": found, "reference": found.reference if found else ""}
    if found is not None:
        context |= {"mend": reading.mend_for_all(found), "admin_path": _admin_path(request, found)}
    page = render(request, "oauth/explanation.html", context, status=404 if found is None else 200)
    page["Cache-Control"] = "no-store"
    page["X-Robots-Tag"] = "noindex"
    return page


def _kept(reference: str) -> Explanation | None:
    told = Explanation.objects.told().kept_at(clock.now())
    return told.by_reference(reference).first() if reference else None


def _admin_path(request: HttpRequest, found: Explanation) -> str:
    """Return where staff who may read explanations see all of it."""
    user = request.user
    may_view = user.is_active and getattr(user, "is_staff", False) and user.has_perm("explain.view_explanation")
    return reverse("admin:explain_explanation_change", args=[found.pk]) if may_view else ""

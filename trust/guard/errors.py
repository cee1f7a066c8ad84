"""Every error of DRF's views rendered in one shape: `detail`, `code`, `message`, `error`, and the right headers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core import exceptions as django
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from trust.guard.access import by_dpop, is_by_dpop
from trust.guard.challenge import Challenge
from trust.guard.context import AccessContext
from trust.guard.exceptions import Refused, Unauthorized
from trust.guard.explain import challenge_of
from trust.guard.refusal import Refusal, of_challenge
from trust.guard.refusal_of import refusal_of

__all__ = ["Refusal", "Refused", "Unauthorized", "refusal_of", "render_exception"]


def render_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Render a refusal; None for a bug, which Django answers and logs. Named in settings as EXCEPTION_HANDLER."""
    refusal = refusal_of(error)
    if refusal is None:
        return None
    request: Request | None = context.get("request")
    if request is not None:
        if isinstance(error, django.PermissionDenied | exceptions.PermissionDenied):
            refusal = _explained(refusal, request, context["view"])
        # Errors are JSON whatever the view renders, and also where nothing that it renders was acceptable.
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        if is_by_dpop(request.META.get("HTTP_AUTHORIZATION", "")):
            refusal = by_dpop(refusal)
    set_rollback()
    return Response(refusal.body(), status=refusal.status, headers=refusal.headers())


def _explained(refusal: Refusal, request: Request, view: Any) -> Refusal:
    """Say what the token lacks, as DRF does not; one that opens nothing always gets a challenge (RFC 6750 sect. 3)."""
    challenge = challenge_of(request, view)
    if challenge is not None:
        return of_challenge(challenge)
    return replace(refusal, challenge=Challenge()) if isinstance(request.auth, AccessContext) else refusal

"""Refusals as pages, or as JSON where programs ask: what went wrong in a sentence, and nothing of the inside."""

import logging
import re
import sys
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import select_template
from django.utils import translation

from accounts.impersonation.middleware import impersonation_of
from authproject.context_processors import brand
from authproject.refusals import BAD_INPUT, FORBIDDEN, NOT_FOUND, SERVER_ERROR, refusal_of
from trust.guard.messages import message_of
from trust.guard.refusal import Refusal

log = logging.getLogger(__name__)

# Programs ask here. Three endpoints of /oauth/ are pages: people are sent to them.
_MACHINE: Final = re.compile(
    r"/(?:api|health|\.well-known|metrics)(?:/|\Z)|/oauth/(?!(?:authorize|device|end-session)(?:/|\Z))"
)


def render_refusal(request: HttpRequest, refusal: Refusal, *templates: str) -> HttpResponse:
    """Answer a refusal in the language of the request, with Retry-After if there is one."""
    with translation.override(_language(request)):
        if _MACHINE.match(request.path_info):
            response: HttpResponse = JsonResponse(dict(refusal.body()))
        else:
            response = HttpResponse(_page(request, refusal, templates))
        response.headers["Content-Language"] = translation.get_language() or ""
    response.status_code = refusal.status
    for name, value in refusal.headers().items():
        response.headers[name] = value
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself found wrong with a request: handler400."""
    return render_refusal(request, refusal_of(exception) or BAD_INPUT)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer PermissionDenied: handler403."""
    return render_refusal(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that nobody has: handler404."""
    return render_refusal(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what was not foreseen, and refusals that a middleware raised: handler500."""
    return render_refusal(request, refusal_of(sys.exception()) or SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not sent from our page, without saying why to whoever forged it."""
    return render_refusal(request, FORBIDDEN, "errors/403_csrf.html")


def _page(request: HttpRequest, refusal: Refusal, templates: tuple[str, ...]) -> str:
    """Render the page. It is not told who asks, since to ask is what may have failed; nor may it fail itself.

    Who sees the site as somebody else was found before, and is shown here too.
    """
    general = "500.html" if refusal.status >= 500 else "400.html"
    page = select_template([*templates, f"{refusal.status}.html", general])
    try:
        context = {"retry_after": refusal.retry_after, **brand(request)}
        if found := impersonation_of(request):
            context |= {"impersonation": found, "csrf_token": get_token(request)}
        return str(page.render(context))
    except Exception:
        log.exception("the page of %s cannot be rendered", refusal.status)
        return message_of(refusal.code)


def _language(request: HttpRequest) -> str:
    """Return the language that LocaleMiddleware chose, or would have."""
    chosen: str = getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)
    return chosen

"""Endpoints that are pages and may be asked from anywhere: by a link, by another site's form, by our own form."""

import functools
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from oauth.views.pending import View, leaving_opener

QueryOf = Callable[[HttpRequest], str]
DECISION: Final = "decision"  # the field of our own forms: what the person decided


def form_of(request: HttpRequest) -> str:
    """Return what a form says, urlencoded, whose order and repetitions stay; a body of another kind says nothing."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    return request.body.decode("utf-8", "replace") if is_form else ""


def page_endpoint(*, decided: View, query_of: QueryOf = form_of) -> Callable[[View], View]:
    """Make a view an endpoint: it answers what is asked, and `decided` what the person then decided on its page.

    From another site our cookie does not come along with a POST (SameSite=Lax); with a redirect to the same request
    by GET it does: `query_of` says what a form says as a query. A decision is taken from our own page only (CSRF).
    """

    def decorate(asked: View) -> View:
        @leaving_opener
        @csrf_exempt  # for what is asked; decisions are protected below
        @require_http_methods(["GET", "HEAD", "POST"])
        @functools.wraps(asked)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != "POST":
                return asked(request)
            if DECISION not in request.POST:
                return HttpResponseRedirect(f"{request.path}?{query_of(request)}", status=303)
            answered: HttpResponse = csrf_protect(decided)(request)
            return answered

        return view

    return decorate

"""How the answer to an authorization request travels: by redirect, by a form, or, untold to the client, as a page."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oauth.errors import StaleRequest
from oauth.protocol.authorization import Refused
from oauth.protocol.oidc import response_mode
from oauth.protocol.pending import AuthorizationRequest
from oauth.protocol.rfc6749_authorization_request import check_person_may_use_client
from oauth.protocol.rfc6749_redirect_uri import with_query
from oauth.views import explaining
from oauth.views.pending import posting_to
from trust.lib import clock


def response(request: HttpRequest, checked: AuthorizationRequest, answer: Mapping[str, str]) -> HttpResponse:
    """Return the client's answer, in the response mode that it asked for."""
    if response_mode.is_by_form(checked):
        return _form_post(request, checked, answer)
    redirected = HttpResponse(status=303)  # so that no form is sent along (RFC 9700 section 4.12)
    # Checked against the registration; HttpResponseRedirect knows no private schemes.
    redirected["Location"] = _answer_uri(checked, answer)
    redirected["Referrer-Policy"] = "no-referrer"
    return redirected


def is_told_to_client(refused: Refused) -> bool:
    """Tell whether a refusal is the client's answer, and not a page for the person."""
    return refused.may_redirect and not _is_for_the_person(refused)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Tell the client once its redirect URI is known to be right, the person by a page before that."""
    error, checked = refused.error, refused.request
    explained_at = explaining.of_authorization(refused)
    if _is_for_the_person(refused):
        return _not_open_page(request, checked, error.members(uri=explained_at))
    if refused.may_redirect:
        return response(request, checked, error.members(uri=explained_at))
    name = checked.client.shown_name if checked.client else ""
    context = {"error": error, "client_name": name, "is_stale": isinstance(error, StaleRequest)}
    context |= explaining.shown(explained_at)
    return render(request, "oauth/authorization_refused.html", context, status=400)


def _is_for_the_person(refused: Refused) -> bool:
    """Tell whether a page says it before the client is told: that this person may not use the client."""
    return refused.step == check_person_may_use_client.__name__ and "none" not in refused.request.prompt


def _form_post(request: HttpRequest, checked: AuthorizationRequest, answer: Mapping[str, str]) -> HttpResponse:
    """Return a page whose form brings the answer (Form Post Response Mode): sent by a script, or by its button."""
    page = render(request, "oauth/form_post.html", _bringing(checked, answer))
    return posting_to(page, checked.redirect_uri)


def _not_open_page(request: HttpRequest, checked: AuthorizationRequest, answer: Mapping[str, str]) -> HttpResponse:
    """Tell a person that the client is not for them; a button brings the answer, an access_denied, to the client."""
    back = "" if response_mode.is_by_form(checked) else _answer_uri(checked, answer)
    context = {**_bringing(checked, answer), "back": back, **explaining.shown(answer.get("error_uri", ""))}
    page = render(request, "oauth/not_open.html", context, status=403)
    return posting_to(page, checked.redirect_uri)


def _bringing(checked: AuthorizationRequest, answer: Mapping[str, str]) -> dict[str, object]:
    """Return what a page needs whose form brings the answer."""
    members = response_mode.members(checked, answer, now=clock.now())
    return {"action": checked.redirect_uri, "members": members, "client_name": checked.known_client.shown_name}


def _answer_uri(checked: AuthorizationRequest, answer: Mapping[str, str]) -> str:
    return with_query(checked.redirect_uri, response_mode.members(checked, answer, now=clock.now()))

"""GET and POST /oauth/end-session (OpenID Connect RP-Initiated Logout 1.0 section 2)."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from oauth.errors import OAuthError
from oauth.protocol import rfc6749_parameters
from oauth.protocol.oidc import logout as protocol
from oauth.protocol.oidc.logout import Logout, SignedIn
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_redirect_uri import form_action, with_query
from oauth.services import clients
from oauth.views.from_anywhere import DECISION, page_endpoint
from oauth.views.language import preferred, speak
from oauth.views.pending import let_end_at


def _confirmed(request: HttpRequest) -> HttpResponse:
    if request.POST[DECISION] != "sign_out":
        return HttpResponseRedirect("/accounts/")
    return _signed_out(request, _decided(request))


@page_endpoint(decided=_confirmed)
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign the browser out, asking first where the request does not prove whose session it is about."""
    decided = _decided(request)
    if decided.must_ask:
        page = render(request, "oauth/end_session.html", {"client_name": decided.client_name})
        return let_end_at(page, *form_action(decided.redirect_uri)) if decided.redirect_uri else page
    return _signed_out(request, decided)


def _decided(request: HttpRequest) -> Logout:
    parameters = _parameters(request)
    speak(request, preferred(request, parameters.get("ui_locales")))
    session = getattr(request, "account_session", None)
    signed_in = session and SignedIn(user_id=session.user_id, session_id=session.pk)
    return protocol.decided(parameters, find_client=clients.find, signed_in=signed_in)


def _parameters(request: HttpRequest) -> Parameters:
    """Return the request's parameters; what cannot be read is as if nothing were asked."""
    try:
        return rfc6749_parameters.parse(request.META.get("QUERY_STRING", ""))
    except OAuthError:
        return Parameters({})


def _signed_out(request: HttpRequest, decided: Logout) -> HttpResponse:
    """End this browser's session, and no other; then go where the client may send the person."""
    logout(request)
    if not decided.redirect_uri:
        return render(request, "oauth/signed_out.html", {"client_name": decided.client_name})
    response = HttpResponse(status=303)
    echoed = {} if decided.state is None else {"state": decided.state}
    response["Location"] = with_query(decided.redirect_uri, echoed)
    return response

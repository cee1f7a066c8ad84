"""GET and POST /oauth/authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from oauth.errors import AccessDenied, OAuthError
from oauth.protocol import authorization as protocol
from oauth.protocol import rfc6749_parameters, rfc9207_issuer
from oauth.protocol.authorization import Refused
from oauth.protocol.pending import AuthorizationRequest, ConsentNeeded, LoginNeeded, Person, ReauthenticationNeeded
from oauth.protocol.rfc6749_authorization_request import check_person_may_use_client
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.services import clients, codes, consents
from oauth.views import pending
from oauth.views.consent import consent_page, not_open_page
from oauth.views.from_anywhere import DECISION, page_endpoint
from trust.lib import clock
from trust.lib.origin import origin_of

Decision = Literal["allow", "deny"]


def _decided(request: HttpRequest) -> HttpResponse:
    """Take what the person decided on the consent page, whose form posts to its own address."""
    return _answered(request, decision="allow" if request.POST[DECISION] == "allow" else "deny")


@page_endpoint(decided=_decided)
def authorization(request: HttpRequest) -> HttpResponse:
    """Answer an authorization request: a page on the way, or a redirect to the client."""
    return _answered(request, decision=None)


def _answered(request: HttpRequest, *, decision: Decision | None) -> HttpResponse:
    checked: AuthorizationRequest | None = None
    try:
        checked = protocol.checked(_parameters(request), find_client=clients.find)
        person = _person(request, checked)
        try:
            protocol.check_person(checked, person, now=clock.now())
        except ConsentNeeded:
            if decision is None:
                return consent_page(request, checked)
        assert person is not None
        if decision == "deny":
            raise Refused(AccessDenied("The person refused."), checked, "consent")
        if decision == "allow":
            _remember_consent(request, checked, person)
        return _code(request, checked, person)
    except Refused as refused:
        return _refused(request, refused)
    except (LoginNeeded, ReauthenticationNeeded) as needed:
        assert checked is not None
        return _to_sign_in(request, checked, again=isinstance(needed, ReauthenticationNeeded))


def _parameters(request: HttpRequest) -> Parameters:
    try:
        return rfc6749_parameters.parse(request.META.get("QUERY_STRING", ""))
    except OAuthError as error:
        nothing = AuthorizationRequest(parameters=Parameters({}), find_client=clients.find)
        raise Refused(error, nothing, "parse") from error


def _person(request: HttpRequest, checked: AuthorizationRequest) -> Person | None:
    session = getattr(request, "account_session", None)
    if session is None:
        return None
    return Person(
        user_id=session.user_id,
        session_id=session.pk,
        auth_time=session.auth_time,
        acr=session.acr,
        is_admitted=clients.admits(client_pk=checked.known_client.pk, user_id=session.user_id),
        consented=consents.given(user_id=session.user_id, client_pk=checked.known_client.pk),
        asked_at=pending.asked_at(request),
    )


def _remember_consent(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> None:
    client = checked.known_client
    consents.give(
        user_id=person.user_id,
        client_pk=client.pk,
        client_id=client.client_id,
        scope=checked.scope,
        origin=origin_of(request),
    )


def _code(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse:
    pending.finish(request)
    code = codes.issue(
        client_pk=checked.known_client.pk,
        session_id=person.session_id,
        user_id=person.user_id,
        redirect_uri=checked.redirect_uri,
        redirect_uri_given=bool(checked.parameters.get("redirect_uri")),
        scope=checked.scope,
        nonce=checked.nonce,
        code_challenge=checked.code_challenge,
    )
    return _redirected(checked, {"code": code})


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Tell the client by a redirect once its redirect URI is known to be right, the person by a page before that."""
    error = refused.error
    pending.finish(request)
    if _is_for_the_person(refused):
        return not_open_page(request, refused.request, back=_answer_uri(refused.request, error.members()))
    if refused.may_redirect:
        return _redirected(refused.request, error.members())
    client = refused.request.client
    context = {"error": error, "client_name": client.name if client else ""}
    return render(request, "oauth/authorization_refused.html", context, status=400)


def _is_for_the_person(refused: Refused) -> bool:
    """Tell whether a page says it before the client is told: that this person may not use the client."""
    return refused.step == check_person_may_use_client.__name__ and "none" not in refused.request.prompt


def _answer_uri(checked: AuthorizationRequest, answer: dict[str, str]) -> str:
    return rfc9207_issuer.redirect_target(
        checked.redirect_uri, answer=answer, state=checked.state, issuer=settings.ISSUER
    )


def _redirected(checked: AuthorizationRequest, answer: dict[str, str]) -> HttpResponse:
    """Send the browser on, by 303 so that no form is sent along (RFC 9700 section 4.12)."""
    response = HttpResponse(status=303)
    # Checked against the registration; HttpResponseRedirect knows no private schemes.
    response["Location"] = _answer_uri(checked, answer)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _to_sign_in(request: HttpRequest, checked: AuthorizationRequest, *, again: bool) -> HttpResponse:
    pending.begin(request, checked)
    page = reverse("account_reauthenticate" if again else "account_login")
    hint = checked.parameters.get("login_hint")
    parameters = {"next": request.get_full_path(), **({"login_hint": hint} if hint else {})}
    return HttpResponseRedirect(f"{page}?{urlencode(parameters)}", status=303)

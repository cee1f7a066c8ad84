"""GET and POST /oauth/authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import second_factor
from accounts.vocabulary import Acr
from oauth.errors import AccessDenied, OAuthError
from oauth.protocol import authorization as protocol
from oauth.protocol import rfc6749_parameters
from oauth.protocol.authorization import Refused
from oauth.protocol.oidc.authentication_request import consent_scope, told_level
from oauth.protocol.pending import (
    AccountChoiceNeeded,
    AuthorizationRequest,
    ConsentNeeded,
    LoginNeeded,
    Person,
    ReauthenticationNeeded,
    SignUpNeeded,
    StepUpNeeded,
)
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.services import clients, codes, consents, stored_requests, subjects
from oauth.services.codes import Authorized
from oauth.views import asked, pending
from oauth.views.authorization_response import refusal, response
from oauth.views.consent import account_page, consent_page
from oauth.views.from_anywhere import DECISION, page_endpoint
from oauth.views.language import language_of, speak
from trust.lib import clock
from trust.lib.origin import origin_of

_PAGES: Final[dict[type[LoginNeeded | ReauthenticationNeeded], str]] = {
    LoginNeeded: "account_login",
    SignUpNeeded: "account_signup",  # which says so itself where sign-up is closed
    ReauthenticationNeeded: "account_reauthenticate",
    StepUpNeeded: "mfa_reauthenticate",
}


def _decided(request: HttpRequest) -> HttpResponse:
    """Take what the person decided on one of our pages, whose form posts to its own address."""
    return _answered(request, decision=request.POST[DECISION])


@page_endpoint(decided=_decided, query_of=stored_requests.query_of)
def authorization(request: HttpRequest) -> HttpResponse:
    """Answer an authorization request: a page on the way, or the client's own answer."""
    return _answered(request, decision="")


def _answered(request: HttpRequest, *, decision: str) -> HttpResponse:
    checked: AuthorizationRequest | None = None
    try:
        checked = protocol.checked(_parameters(request), find_client=clients.find)
        checked = asked.with_what_was_asked(request, checked)
        return _for_person(request, checked, decision)
    except Refused as refused:
        pending.finish(request)
        return refusal(request, refused)
    except (LoginNeeded, ReauthenticationNeeded) as needed:
        assert checked is not None
        return _to_sign_in(request, checked, _PAGES[type(needed)])


def _for_person(request: HttpRequest, checked: AuthorizationRequest, decision: str) -> HttpResponse:
    person = _person(request, checked)
    try:
        protocol.check_person(checked, person, now=clock.now())
    except AccountChoiceNeeded:
        assert person is not None
        return _choice(request, checked, person, decision)
    except ConsentNeeded:
        if decision not in {"allow", "deny"}:
            return _page(request, checked, consent_page)
    assert person is not None
    if decision == "deny":
        raise Refused(AccessDenied("The person refused."), checked, "consent")
    if decision == "allow":
        _remember_consent(request, checked, person)
    return _code(request, checked, person)


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
    client = checked.known_client
    return Person(
        user_id=session.user_id,
        subject=subjects.subject_of(client, user_id=session.user_id),
        session_id=session.pk,
        auth_time=session.auth_time,
        acr=session.acr,
        reachable_acr=_reachable_acr(request) if checked.acr_values else "",
        is_admitted=clients.admits(client_pk=client.pk, user_id=session.user_id),
        consented=consents.given(user_id=session.user_id, client_pk=client.pk),
        asked_at=asked.asked_at(request, checked),
        has_chosen_account=asked.has_chosen_account(request, checked, session_id=session.pk),
    )


def _reachable_acr(request: HttpRequest) -> str:
    if second_factor.has_one(request.user, kinds=["webauthn"]):
        return Acr.PHR
    return Acr.AAL2 if second_factor.has_one(request.user) else Acr.AAL1


def _choice(request: HttpRequest, checked: AuthorizationRequest, person: Person, decision: str) -> HttpResponse:
    """Ask as whom to go on, or take the answer and ask the request anew."""
    if decision != "continue":
        return _page(request, checked, account_page)
    asked.choose_account(request, checked, session_id=person.session_id)
    return HttpResponseRedirect(request.get_full_path(), status=303)


def _page(request: HttpRequest, checked: AuthorizationRequest, page: pending.Page) -> HttpResponse:
    asked.remember(request, checked)
    speak(request, language_of(request, checked))
    return page(request, checked)


def _remember_consent(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> None:
    client = checked.known_client
    consents.give(
        user_id=person.user_id,
        client_pk=client.pk,
        client_id=client.client_id,
        scope=consent_scope(checked),
        origin=origin_of(request),
    )


def _code(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse:
    pending.finish(request)
    asked.answered(request, checked)
    authorized = Authorized(
        client_pk=checked.known_client.pk,
        session_id=person.session_id,
        user_id=person.user_id,
        redirect_uri=checked.redirect_uri,
        redirect_uri_given=bool(checked.parameters.get("redirect_uri")),
        scope=checked.scope,
        nonce=checked.nonce,
        code_challenge=checked.code_challenge,
        acr=told_level(checked, person),
        claims=checked.asked_claims,
    )
    return response(request, checked, {"code": codes.issue(authorized)})


def _to_sign_in(request: HttpRequest, checked: AuthorizationRequest, page: str) -> HttpResponse:
    pending.begin(request, checked)
    asked.remember(request, checked)
    hint = checked.parameters.get("login_hint")
    parameters = {"next": request.get_full_path(), **({"login_hint": hint} if hint else {})}
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode(parameters)}", status=303)

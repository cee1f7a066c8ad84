"""GET and POST /oauth/authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from oauth.conf import REQUEST_URI_BY_ADDRESS
from oauth.errors import AccessDenied, OAuthError
from oauth.protocol import authorization as protocol
from oauth.protocol import rfc6749_parameters
from oauth.protocol.authorization import Refused
from oauth.protocol.oidc import request_object
from oauth.protocol.oidc.authentication_request import consent_scope, told_level
from oauth.protocol.pending import (
    AccountChoiceNeeded,
    AuthorizationRequest,
    ConsentNeeded,
    LoginNeeded,
    ObjectElsewhere,
    Person,
    ReauthenticationNeeded,
    SignUpNeeded,
    StepUpNeeded,
)
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.services import clients, codes, consents, stored_requests
from oauth.services.codes import Authorized
from oauth.views import asked, explaining, pending
from oauth.views.authorization_response import refusal, response
from oauth.views.consent import account_page, consent_page
from oauth.views.from_anywhere import DECISION, form_of, page_endpoint
from oauth.views.language import language_of, speak
from oauth.views.person import person_of
from trust.explain.finding import Finding
from trust.explain.vocabulary import Endpoint, Found
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import STORED_REQUEST_BY_ADDRESS, RatePolicy
from trust.limits.errors import LimitExceeded

_PAGES: Final[dict[type[LoginNeeded | ReauthenticationNeeded], str]] = {
    LoginNeeded: "account_login",
    SignUpNeeded: "account_signup",  # which says so itself where sign-up is closed
    ReauthenticationNeeded: "account_reauthenticate",
    StepUpNeeded: "account_prove_again",
}


def _decided(request: HttpRequest) -> HttpResponse:
    """Take what the person decided on one of our pages, whose form posts to its own address."""
    return _answered(request, decision=request.POST[DECISION])


def _fitting_a_url(request: HttpRequest, form: str) -> str:
    """Return a query for what a form asks; how much one address may leave with us is counted."""
    if not stored_requests.fits_a_url(form):
        _count(request, STORED_REQUEST_BY_ADDRESS)
    return stored_requests.query_of(form)


def _count(request: HttpRequest, policy: RatePolicy) -> None:
    try:
        rates.take(policy, origin_of(request).client_address)
    except LimitExceeded as limited:
        client_id = request.GET.get("client_id") or request.POST.get("client_id", "")
        explaining.limited_at(Endpoint.AUTHORIZATION, limited, client_id=client_id)
        raise


def _query_of(request: HttpRequest) -> str:
    return _fitting_a_url(request, form_of(request))


@page_endpoint(decided=_decided, query_of=_query_of)
def authorization(request: HttpRequest) -> HttpResponse:
    """Answer an authorization request: a page on the way, or the client's own answer."""
    return _answered(request, decision="")


def _answered(request: HttpRequest, *, decision: str) -> HttpResponse:
    checked: AuthorizationRequest | None = None
    try:
        checked = _checked(request)
        checked = asked.with_what_was_asked(request, checked)
        speak(request, language_of(request, checked))
        return _for_person(request, checked, decision)
    except Refused as refused:
        pending.finish(request)
        speak(request, language_of(request, refused.request))
        return refusal(request, refused)
    except ObjectElsewhere:
        assert checked is not None
        query = _fitting_a_url(request, request_object.by_value(checked))
        return HttpResponseRedirect(f"{request.path}?{query}", status=303)
    except (LoginNeeded, ReauthenticationNeeded) as needed:
        assert checked is not None
        return _to_sign_in(request, checked, _PAGES[type(needed)])


def _checked(request: HttpRequest) -> AuthorizationRequest:
    """Return the request, checked as of when its browser first brought it: who signs in slowly is not late."""
    received_at = pending.began(request) or clock.now()
    try:
        parameters = rfc6749_parameters.parse(request.META.get("QUERY_STRING", ""))
    except OAuthError as error:
        nothing = AuthorizationRequest(
            parameters=Parameters({}), find_client=clients.find, issuer=settings.ISSUER, received_at=received_at
        )
        raise Refused(error, nothing, "parse") from error
    if request_object.is_elsewhere(parameters):
        _count(request, REQUEST_URI_BY_ADDRESS)
    return protocol.checked(parameters, find_client=clients.find, issuer=settings.ISSUER, received_at=received_at)


def _for_person(request: HttpRequest, checked: AuthorizationRequest, decision: str) -> HttpResponse:
    person = person_of(request, checked)
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
        refused = AccessDenied("The person refused.", finding=Finding(found=Found.PERSON_REFUSED))
        raise Refused(refused, checked, "consent")
    if decision == "allow":
        _remember_consent(request, checked, person)
    return _code(request, checked, person)


def _choice(request: HttpRequest, checked: AuthorizationRequest, person: Person, decision: str) -> HttpResponse:
    """Ask as whom to go on, or take the answer and ask the request anew."""
    if decision != "continue":
        return _page(request, checked, account_page)
    asked.choose_account(request, checked, session_id=person.session_id)
    return HttpResponseRedirect(request.get_full_path(), status=303)


def _page(request: HttpRequest, checked: AuthorizationRequest, page: pending.Page) -> HttpResponse:
    asked.remember(request, checked)
    if checked.outside is not None:
        pending.begin(request, checked)  # its object may expire while the page is read
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

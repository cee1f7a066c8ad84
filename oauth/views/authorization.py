"""GET and POST /oauth/authorize (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
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
from oauth.services import clients, pushed_requests, stored_requests
from oauth.views import asked, explaining, granting, pending
from oauth.views.authorization_response import is_told_to_client, refusal
from oauth.views.consent import account_page, consent_page
from oauth.views.from_anywhere import DECISION, form_of, page_endpoint
from oauth.views.known_clients import where_a_request_begins
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
    with _explained(request):
        rates.take(policy, origin_of(request).client_address)


@contextmanager
def _explained(request: HttpRequest) -> Iterator[None]:
    """Leave a record of a request that came too soon after others."""
    try:
        yield
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
        if refused.request.pushed_as and is_told_to_client(refused):
            pushed_requests.end(refused.request.pushed_as)
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
    with _explained(request):
        return protocol.checked(
            parameters,
            find_client=where_a_request_begins(origin_of(request)),
            issuer=settings.ISSUER,
            received_at=received_at,
            only_pushed=settings.REQUIRE_PAR,
        )


def _for_person(request: HttpRequest, checked: AuthorizationRequest, decision: str) -> HttpResponse:
    person = person_of(request, checked)
    if person is not None and person.act:
        return granting.in_their_place(request, checked, person)
    try:
        protocol.check_person(checked, person, now=clock.now())
    except AccountChoiceNeeded:
        assert person is not None
        return _choice(request, checked, person, decision)
    except ConsentNeeded:
        if decision not in {"allow", "deny"}:
            return _consent_page(request, checked, person)
    assert person is not None
    if decision == "deny":
        refused = AccessDenied("The person refused.", finding=Finding(found=Found.PERSON_REFUSED))
        raise Refused(refused, checked, "consent")
    if decision == "allow":
        return granting.as_decided(request, checked, person) or _consent_page(request, checked, person)
    return granting.without_asking(request, checked, person)


def _consent_page(request: HttpRequest, checked: AuthorizationRequest, person: Person | None) -> HttpResponse:
    return _page(request, checked, partial(consent_page, given=person.consented if person else None))


def _choice(request: HttpRequest, checked: AuthorizationRequest, person: Person, decision: str) -> HttpResponse:
    """Ask as whom to go on, or take the answer and ask the request anew."""
    if decision != "continue":
        return _page(request, checked, account_page)
    asked.choose_account(request, checked, session_id=person.session_id)
    return HttpResponseRedirect(request.get_full_path(), status=303)


def _page(request: HttpRequest, checked: AuthorizationRequest, page: pending.Page) -> HttpResponse:
    asked.remember(request, checked)
    _let_live_on(checked)
    if checked.outside is not None:
        pending.begin(request, checked)  # its object may expire while the page is read
    return page(request, checked)


def _let_live_on(checked: AuthorizationRequest) -> None:
    """Keep a pushed request while its person is shown a page, or signs in."""
    if checked.pushed_as:
        pushed_requests.arrive(checked.pushed_as)


def _to_sign_in(request: HttpRequest, checked: AuthorizationRequest, page: str) -> HttpResponse:
    pending.begin(request, checked)
    asked.remember(request, checked)
    _let_live_on(checked)
    hint = checked.parameters.get("login_hint")
    parameters = {"next": request.get_full_path(), **({"login_hint": hint} if hint else {})}
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode(parameters)}", status=303)

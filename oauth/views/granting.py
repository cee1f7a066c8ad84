"""The answer to an authorization request that was allowed: a code for what the person left, and what is remembered.

Who impersonates a person decides nothing: they get what that person allowed before.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from oauth.authorization_detail import each_of
from oauth.errors import StaleRequest
from oauth.protocol import authorization as protocol
from oauth.protocol.authorization import Refused
from oauth.protocol.oidc import consent
from oauth.protocol.oidc.authentication_request import told_level
from oauth.protocol.pending import AuthorizationRequest, Interaction, Person
from oauth.services import codes, consents, pushed_requests
from oauth.services.codes import Authorized
from oauth.views import asked, pending
from oauth.views.authorization_response import response
from oauth.views.decided import Decided, decided
from oauth.vocabulary import OFFLINE_ACCESS
from trust.lib import clock
from trust.lib.origin import origin_of


def without_asking(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse:
    """Answer what was allowed before, or needs no consent. Raises Refused."""
    return _with_code(request, consent.left_without_asking(checked, person), person)


def as_decided(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse | None:
    """Answer with what the person left ticked; None where the request asks for more than its page said."""
    answer = decided(request.POST, checked)
    if answer is None:
        return None
    _remember(request, checked, person, answer)
    return _with_code(request, answer.left, person)


def in_their_place(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse:
    """Answer who impersonates the person, with nothing that would outlast that. Raises Refused."""
    try:
        protocol.check_person(checked, person, now=clock.now())
    except Interaction:
        return render(request, "accounts/impersonation_refused.html", status=403)
    scope = tuple(name for name in checked.scope if name != OFFLINE_ACCESS)
    return without_asking(request, checked.having(scope=scope), person)


def _remember(request: HttpRequest, checked: AuthorizationRequest, person: Person, answer: Decided) -> None:
    client = checked.known_client
    consents.give(
        user_id=person.user_id,
        client_pk=client.pk,
        client_id=client.client_id,
        scope=answer.allowed,
        declined=answer.declined,
        details=each_of(answer.left.authorization_details),
        origin=origin_of(request),
    )


def _with_code(request: HttpRequest, checked: AuthorizationRequest, person: Person) -> HttpResponse:
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
        resources=checked.resources,
        authorization_details=checked.authorization_details,
        dpop_jkt=checked.dpop_jkt,
        act=person.act,
    )
    code = _issued(checked, authorized)
    pending.finish(request)
    asked.answered(request, checked)
    return response(request, checked, {"code": code})


def _issued(checked: AuthorizationRequest, authorized: Authorized) -> str:
    """Return a new code; a pushed request is answered by one alone, however many browsers bring it."""
    if not checked.pushed_as:
        return codes.issue(authorized)
    code = pushed_requests.complete(checked.pushed_as, authorized)
    if code is None:
        raise Refused(StaleRequest(), checked, "complete")
    return code

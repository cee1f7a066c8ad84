"""The way to a provider and back: /accounts/oidc/<provider_id>/..."""

import logging
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import InvitationRefused
from accounts.external import code_flow, reauthentication
from accounts.external.code_flow import Pending
from accounts.external.errors import ExternalSignInFailed, ProviderUnavailable
from accounts.external.identity import Identity
from accounts.external.provider import REAUTHENTICATE, ExternalProvider
from accounts.services import explained, people
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import SIGN_IN_BY_ADDRESS

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go to the provider; by POST, go. Raises LimitExceeded."""
    provider = _provider(request, provider_id)
    process = provider.get_redirect_from_request_kwargs(request)
    if request.method != "POST":  # a link alone must not sign anybody in
        return render(request, "socialaccount/login.html", {"provider": provider, "process": process["process"]})
    return _sent(request, provider, **process)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reauthenticate(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask who is signed in to sign in anew at the provider; by POST, go. Raises LimitExceeded."""
    provider = _provider(request, provider_id)
    if request.method != "POST":
        return render(request, "socialaccount/login.html", {"provider": provider, "process": REAUTHENTICATE})
    return _sent(request, provider, process=REAUTHENTICATE, next_url=get_next_redirect_url(request))


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer (RFC 6749 section 4.1.2)."""
    provider = _provider(request, provider_id)
    try:
        return _landed(request, _answered(request, provider))
    except (ExternalSignInFailed, IntegrityError, InvitationRefused) as failure:
        # The latter two: of two answers at once that make one account, or by one invitation, the second.
        return _failed(request, provider, failure)


def _provider(request: HttpRequest, provider_id: str) -> ExternalProvider:
    try:
        provider: ExternalProvider = get_adapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist as unknown:
        raise Http404 from unknown
    return provider


def _sent(request: HttpRequest, provider: ExternalProvider, **process: Any) -> HttpResponse:
    rates.take(SIGN_IN_BY_ADDRESS, origin_of(request).client_address)
    try:
        return provider.redirect(request, **process)
    except ExternalSignInFailed as failure:
        return _failed(request, provider, failure)


def _answered(request: HttpRequest, provider: ExternalProvider) -> HttpResponse:
    """Only who asked gets an answer: `state` is of this browser's session and of this provider, and good once."""
    try:
        state = provider.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied as unknown:
        raise ExternalSignInFailed("the state is not of this browser, not of this provider, or used") from unknown
    answer, protocol = request.GET.dict(), state.pop("protocol")
    metadata = code_flow.check_issuer(provider.party, answer)
    if answer.get("error") == "access_denied":
        return render(request, "socialaccount/login_cancelled.html", {"next": state.get("next")})
    if "error" in answer or not answer.get("code"):
        raise ExternalSignInFailed(f"the provider answered {answer.get('error', 'without a code')[:60]!r}")
    again = state["process"] == REAUTHENTICATE
    identity = code_flow.identify(
        provider.party,
        Pending(protocol["nonce"], protocol["code_verifier"]),
        metadata=metadata,
        code=answer["code"],
        now=clock.now(),
        since=clock.from_epoch(protocol["at"]) if again else None,
    )
    if again:
        return reauthentication.finish(request, identity, provider_id=provider.sub_id, next_url=state.get("next"))
    return _completed(request, provider, identity, state)


def _completed(
    request: HttpRequest, provider: ExternalProvider, identity: Identity, state: dict[str, Any]
) -> HttpResponse:
    """Sign in, sign up or connect: allauth's flow from here, with its stages and our receivers."""
    external = provider.sociallogin_from_response(request, identity)
    external.state = state
    completed: HttpResponse = complete_social_login(request, external)
    return completed


def _landed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Go on from our account pages by a page that goes on by itself.

    The provider's form led here, and its CSP form-action governs each hop of redirects: it may let us in, but not
    the application that the person is on the way to.
    """
    location = response.get("Location", "/accounts/")
    if location.startswith("/accounts/"):
        return response
    return render(request, "socialaccount/arrived.html", {"location": location})


def _failed(request: HttpRequest, provider: ExternalProvider, failure: Exception) -> HttpResponse:
    """Say plainly that it came to nothing; why is for the log."""
    log.warning("sign-in by %s came to nothing: %s: %s", provider.sub_id, type(failure).__name__, failure)
    people.note(
        action="external_sign_in.refused", user=None, origin=origin_of(request), identifier=str(provider.sub_id)
    )
    explained.refused(
        Found.EXTERNAL_SIGN_IN_FAILED,
        error="external_sign_in_failed",
        step="external",
        about=str(provider.sub_id),
        came=str(failure),
    )
    is_down = isinstance(failure, ProviderUnavailable)
    context = {"provider": provider, "is_down": is_down}
    return render(request, "socialaccount/authentication_error.html", context, status=503 if is_down else 400)

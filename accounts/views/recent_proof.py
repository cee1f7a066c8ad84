"""Pages that want a proof from a moment ago that it is still the person who sits there."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import Session
from trust.lib import clock

_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def recent_proof_required(view: _View) -> _View:
    """Let a signed-in person through who proved themselves a moment ago, and ask the others to.

    As allauth's own, but for two things. Who has neither a password nor a factor here is let through by the library:
    here they sign in again where they did. And what was sent too late is not done later by itself: the form is shown
    again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        has_a_way = bool(get_adapter().get_reauthentication_methods(request.user))
        if _proved_again(request) if has_a_way else signed_in_now(request):
            return view(request, *args, **kwargs)
        if not has_a_way:
            return _to_sign_in_again(request)
        if request.method == "POST":
            return redirect(request.path)
        raise ReauthenticationRequired

    return cast("_View", guarded)


def check_who_has_no_way_here(request: HttpRequest) -> None:
    """Ask who has neither a password nor a factor here for a proof of a moment ago; the library lets them through.

    They prove themselves where they signed in. Raises ReauthenticationRequired, or ImmediateHttpResponse where there
    is no other way than to sign in again.
    """
    if get_reauthentication_flows(request.user) or signed_in_now(request) or _proved_again(request):
        return
    if get_adapter().get_reauthentication_methods(request.user):
        raise ReauthenticationRequired
    raise ImmediateHttpResponse(_to_sign_in_again(request))


def to_prove_again(request: HttpRequest) -> HttpResponse:
    """Lead a person to where they prove themselves, by their strongest factor if they have one, and back here."""
    page = "account_prove_again" if second_factor.has_one(request.user) else "account_reauthenticate"
    if not get_adapter().get_reauthentication_methods(request.user):
        return _to_sign_in_again(request)
    return redirect(f"{reverse(page)}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")


def _to_sign_in_again(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("Sign out and in again first: then come back within five minutes."))
    return redirect("account_logout")


def _proved_again(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("reauthenticated") and _is_recent(time.time() - record["at"]) for record in records)


def signed_in_now(request: HttpRequest) -> bool:
    """Tell whether the person signed in, or proved themselves, a moment ago."""
    session: Session | None = getattr(request, "account_session", None)
    is_own = session is not None and session.impersonator_id is None  # whoever impersonates proved another person
    return session is not None and is_own and _is_recent((clock.now() - session.auth_time).total_seconds())


def _is_recent(seconds: Any) -> bool:
    return bool(seconds < app_settings.REAUTHENTICATION_TIMEOUT)

"""What a page's script asks a browser's passkeys: made at the click, kept in the session for one answer.

By POST, for it changes what is kept; as JSON of Web Authentication Level 3, sections 5.1.8 and 5.1.9.
"""

from datetime import datetime
from typing import Protocol

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from accounts.forms.passkey import keep
from accounts.models import User
from accounts.services import passkeys
from accounts.views.person import person_of
from accounts.webauthn.asking import Ceremony, Options
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import PASSKEY_BY_ADDRESS


class Begin(Protocol):
    """One of the two ceremonies of accounts.services.passkeys."""

    def __call__(self, *, user: User, now: datetime) -> tuple[Options, Ceremony]:
        """Return what to ask, and what to keep."""
        ...


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey of whoever it is. Raises LimitExceeded."""
    rates.take(PASSKEY_BY_ADDRESS, origin_of(request).client_address)
    options, ceremony = passkeys.begin_authentication(user=None, now=clock.now())
    keep(request, ceremony)
    return JsonResponse(options)


@require_POST
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey of the person whose password was right."""
    return _asked(request, request._login_stage.login.user, passkeys.begin_authentication)  # type: ignore[attr-defined]


@require_POST
@login_required
def prove_again(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey of the person who is signed in."""
    return _asked(request, person_of(request), passkeys.begin_authentication)


@require_POST
@login_required
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def add(request: HttpRequest) -> HttpResponse:
    """Ask for a new passkey of the person who is signed in, and has just proved it."""
    return _asked(request, person_of(request), passkeys.begin_registration)


def _asked(request: HttpRequest, user: User, begin: Begin) -> HttpResponse:
    options, ceremony = begin(user=user, now=clock.now())
    keep(request, ceremony)
    return JsonResponse(options)

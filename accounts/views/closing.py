"""Deleting one's account: the page that closes it, the mailed way back, and what a shut account says of itself."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.conf import ERASURE_GRACE
from accounts.errors import LastAdministrator
from accounts.forms.closing import CloseAccountForm
from accounts.models import User
from accounts.services import closing
from accounts.views.person import person_of
from accounts.views.recent_proof import recent_proof_required
from trust.lib import clock
from trust.lib.origin import origin_of

_CLOSED_KEY: Final = "closed_until"  # in Django's session: when the account of who has just tried to sign in is erased


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@recent_proof_required
def close(request: HttpRequest) -> HttpResponse:
    """Say what deleting the account means, or close it: the person is signed out, and has days to come back."""
    person = person_of(request)
    form = CloseAccountForm(request.POST or None, user=person)
    if form.is_valid():
        try:
            erase_at = closing.close(user=person, now=clock.now(), origin=origin_of(request))
        except LastAdministrator:
            form.add_error(None, _("You are the last administrator. Make somebody else one first."))
        else:
            logout(request)
            _say_closed(request, erase_at)
            return redirect("front")
    return render(request, "accounts/delete.html", {"form": form, "days": ERASURE_GRACE.days})


@require_http_methods(["GET", "HEAD", "POST"])
def way_back(request: HttpRequest, link: str) -> HttpResponse:
    """Show what a mailed link is for; by POST, open the account again."""
    named = closing.load_way_back(link)
    if named is None:
        return render(request, "accounts/way_back_gone.html", status=404)
    if request.method != "POST":
        return render(request, "accounts/way_back.html", {"erase_at": named.erase_at, "link": link})
    if not closing.come_back(way_back=named, origin=origin_of(request)):
        return render(request, "accounts/way_back_gone.html", status=404)
    messages.success(request, _("Your account is open again. Sign in as before."))
    return redirect("account_login")


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """Say that an account cannot be used; once, to who proved that it is theirs, that they closed it themselves."""
    closed_until = parse_datetime(request.session.pop(_CLOSED_KEY, ""))
    return render(request, "account/account_inactive.html", {"closed_until": closed_until})


def remember_closed(request: HttpRequest, user: User) -> None:
    """Keep for the page what is the case with the account that somebody has just proved to be theirs."""
    if user.erase_at is not None:
        request.session[_CLOSED_KEY] = user.erase_at.isoformat()


def _say_closed(request: HttpRequest, erase_at: datetime | None) -> None:
    if erase_at is not None:
        words = _("Your account is closed and will be erased on %(day)s. Until then our mail brings it back.")
        messages.success(request, words % {"day": date_format(erase_at, "DATE_FORMAT")})

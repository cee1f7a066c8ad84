"""The page behind "this was not me" in a mail. It needs no sign-in: who lost the account may have no other way."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import NotMeRefused
from accounts.services import not_me as service
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import NOT_ME_BY_ADDRESS


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Say what will happen; by POST, do it, and lead on to the new password. Mail scanners only look.

    Raises LimitExceeded.
    """
    rates.take(NOT_ME_BY_ADDRESS, origin_of(request).client_address)
    try:
        if request.method != "POST":
            return render(request, "accounts/not_me.html", {"undo": service.read(token).undo})
        return _done(request, token)
    except NotMeRefused as refused:
        status = 200 if refused.used else 404
        return render(request, "accounts/not_me_refused.html", {"is_used": refused.used}, status=status)


def _done(request: HttpRequest, token: str) -> HttpResponse:
    user = service.act(token=token, origin=origin_of(request))
    if request.user == user:  # this browser is out as well, and what it is told must outlast that
        logout(request)
    words = _("Done: every device is signed out, and the old password no longer works. Now choose a new one.")
    messages.success(request, words)
    return redirect("account_reset_password")

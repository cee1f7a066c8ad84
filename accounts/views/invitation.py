"""/accounts/invitation/<secret>/: where the link of an invitation leads, and on to the sign-up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.forms import invited
from accounts.services import invitations
from trust.lib.origin import origin_of
from trust.limits import rates
from trust.limits.conf import INVITATION_BY_ADDRESS


@require_safe
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Go on to the sign-up with the address of the invitation. Nothing is taken before the account is made.

    Raises LimitExceeded.
    """
    rates.take(INVITATION_BY_ADDRESS, origin_of(request).client_address)
    if invitations.find(secret) is None:
        return render(request, "accounts/invitation_over.html", status=404)
    invited.remember(request, secret)
    return redirect("account_signup")

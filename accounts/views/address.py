"""The pages of addresses, in place of allauth's: a link in a mail changes nothing until its page is answered.

Whoever opens a mail to look through it, a scanner among them, opens its links too. And a link by which an account
takes another address is of use to who is signed in to that account alone: a stranger who asked to change to somebody
else's address must not have them confirm it by a click (Keycloak CVE-2025-7365 and its like).
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.services import mail_limits
from accounts.views.person import person_of
from trust.lib.origin import origin_of
from trust.limits import guesses
from trust.limits.conf import ADDRESS_CHANGE, ADDRESS_CHANGE_BY_ADDRESS


class ConfirmView(allauth_views.ConfirmEmailView):
    """Confirm an address."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm, unless the account would change its address and somebody else asks."""
        confirmation = self.get_object()
        if is_for_another(request, confirmation.email_address):
            return self.get(request, *args, **kwargs)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page; the way to a change of address leads by the sign-in."""
        response: HttpResponse = super().get(request, *args, **kwargs)
        if self.object and not request.user.is_authenticated and _is_change(self.object.email_address):
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        return response

    def logout_other_user(self, confirmation: Any) -> None:
        """Leave who is signed in alone: allauth signs them out, by GET too."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether the link is of another account than the one that is signed in."""
        for_another = self.object and is_for_another(self.request, self.object.email_address)
        return {**super().get_context_data(**kwargs), "is_for_another": bool(for_another)}


class AddressView(allauth_views.EmailView):
    """One's address, and the change of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what was asked; a mail that is sent again is counted as the first was. Raises LimitExceeded."""
        if "action_send" in request.POST:
            guesses.take(ADDRESS_CHANGE, str(person_of(request).pk))
            origin, to = origin_of(request), request.POST.get("email", "")
            mail_limits.take(to=to, origin=origin, by_address=ADDRESS_CHANGE_BY_ADDRESS)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


def _is_change(address: Any) -> bool:
    """Tell whether an account has an address already and would take this one in its place."""
    return not address.primary


def is_for_another(request: HttpRequest, address: Any) -> bool:
    """Tell whether a link would change the address of another account than the one that is signed in."""
    return _is_change(address) and request.user.pk != address.user_id

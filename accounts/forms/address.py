"""Asks for another e-mail address: the mails that this sends are counted, by person, by recipient and by address."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.http import HttpRequest

from accounts.services import mail_limits
from trust.lib.origin import origin_of
from trust.limits import guesses
from trust.limits.conf import ADDRESS_CHANGE, ADDRESS_CHANGE_BY_ADDRESS


class AddEmailForm(allauth_forms.AddEmailForm):
    """The address to change to."""

    def save(self, request: HttpRequest) -> Any:
        """Keep the address and send the link by which it is confirmed. Raises LimitExceeded."""
        guesses.take(ADDRESS_CHANGE, str(self.user.pk))
        mail_limits.take(to=self.cleaned_data["email"], origin=origin_of(request), by_address=ADDRESS_CHANGE_BY_ADDRESS)
        return super().save(request)

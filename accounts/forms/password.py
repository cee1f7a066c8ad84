"""The forms by which a password is changed or reset: the guesses are counted, and only one's own address counts."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.http import HttpRequest

from accounts import device_cookie
from accounts.models import User
from accounts.services import devices, mail_limits, people
from trust.lib.origin import origin_of
from trust.limits.conf import RESET_BY_ADDRESS
from trust.limits.errors import LimitExceeded


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The old password, guessed at here as at every other door, and the new one twice."""

    def clean_oldpassword(self) -> str:
        """Return the old password if it is right and the guesses are not used up."""
        try:
            devices.take_guess(user=self.user, target=str(self.user.pk), marks=device_cookie.marks_of(context.request))
        except LimitExceeded as exceeded:
            raise get_adapter().validation_error("too_many_login_attempts") from exceeded
        return str(super().clean_oldpassword())


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Asks for a link by which to choose a new password."""

    def clean_email(self) -> str:
        """Find the person whose own address this is. Raises LimitExceeded, before anything is looked up.

        An address that somebody has only asked to change to resets nothing: it may be a stranger's.
        """
        email = User.objects.normalize_email(self.cleaned_data["email"])
        mail_limits.take(to=email, origin=origin_of(context.request), by_address=RESET_BY_ADDRESS)
        self.users: list[User] = list(User.objects.by_email(email).active())
        return email

    def save(self, request: HttpRequest, **named: Any) -> str:
        """Send the link, or to an address that has no account a mail that says so."""
        origin = origin_of(request)
        asked = self.users[0] if self.users else None
        people.note(action="password_reset.asked", user=asked, origin=origin, identifier=self.cleaned_data["email"])
        return str(super().save(request, **named))

"""The forms of external accounts: what is still asked of a new person, and taking an account away."""

from typing import Any, ClassVar

from allauth.core import context
from allauth.socialaccount import forms as allauth_forms
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.forms import UsernameField
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvitationRefused
from accounts.forms import invited
from accounts.models import User
from accounts.services import mail_limits
from trust.lib.origin import origin_of
from trust.limits.conf import SIGN_UP_BY_ADDRESS


class SignupForm(allauth_forms.SignupForm):
    """What the provider did not tell or what cannot be taken from it: an address, and a username if wanted."""

    field_order: ClassVar = ["email", "username"]
    username = UsernameField(
        label=_("Username"),
        help_text=_("Letters, digits and . + - _ only. Leave it empty and we make one up; you can change it later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["username"].label = _("Username (optional)")
        invited.fix_address(self, invited.invitation_of(context.request))

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or answer as if. Of two at once that want the same, the second begins anew.

        Raises LimitExceeded.
        """
        mail_limits.take(to=self.cleaned_data["email"], origin=origin_of(request), by_address=SIGN_UP_BY_ADDRESS)
        try:
            made: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except (IntegrityError, InvitationRefused):
            return None, HttpResponseRedirect(reverse("account_login"))
        return made


class DisconnectForm(allauth_forms.DisconnectForm):
    """Takes an external account away, also one whose provider is no longer configured."""

    def save(self) -> None:
        """Disconnect the account."""
        try:
            super().save()
        except SocialApp.DoesNotExist:
            self.cleaned_data["account"].delete()

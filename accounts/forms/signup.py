"""Sign-up: an account for an address, and the same answer whether or not the address has one already."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.forms import UsernameField
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvitationRefused
from accounts.forms import invited
from accounts.models import User
from accounts.services import mail_limits, people
from trust.lib.origin import origin_of
from trust.limits.conf import SIGN_UP_BY_ADDRESS


class SignupForm(allauth_forms.SignupForm):
    """allauth's form with our words, a username normalised by NFKC, and an answer for those who come second."""

    field_order: ClassVar = ["email", "username", "password1", "password2"]
    username = UsernameField(
        label=_("Username"),
        help_text=_("Letters, digits and . + - _ only. Leave it empty and we make one up; you can change it later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["username"].label = _("Username (optional)")
        self.invitation = invited.invitation_of(context.request)
        invited.fix_address(self, self.invitation)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or answer as if: the owner of a known address is told by mail, and nobody else.

        Of several sign-ups with one address at once the database lets one through; the others then know it.
        Raises LimitExceeded.
        """
        mail_limits.take(to=self.cleaned_data["email"], origin=origin_of(request), by_address=SIGN_UP_BY_ADDRESS)
        if self.account_already_exists:
            # What making the account would have cost: time must not tell what the answer does not.
            people.create_in_vain(password=self.cleaned_data["password1"])
        try:
            return self._try_save(request)
        except IntegrityError:
            return self._answer_second(request)
        except InvitationRefused:  # of two at once that came by one invitation, the second begins anew
            return None, redirect("account_signup")

    def save(self, request: HttpRequest) -> User:
        """Make the account; the invitation that it came by, if any, is taken with it. Raises InvitationRefused."""
        user: User = super().save(request)
        if self.invitation is not None or settings.SIGNUP == "invite":
            invited.take(request, user)
        return user

    @transaction.atomic
    def _try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        made: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return made

    def _answer_second(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        self.validate_unique_email(self.cleaned_data["email"])
        if self.account_already_exists:
            return self._try_save(request)
        taken = _("This username has just been taken. Choose another.")
        self.add_error("username", forms.ValidationError(taken, code="unique"))
        return None, render(request, "account/signup.html", {"form": self, **get_entrance_context_data(request)})

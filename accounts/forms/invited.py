"""The invitation that a browser came with, by its mailed link, and what it does to a sign-up form."""

from typing import Final

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Invitation, User
from accounts.services import invitations
from trust.lib.origin import origin_of

_KEY: Final = "invitation"  # in Django's session: the secret of the link


def remember(request: HttpRequest, secret: str) -> None:
    """Keep the link's secret in the browser's session, out of addresses and referrers."""
    request.session[_KEY] = secret


def invitation_of(request: HttpRequest) -> Invitation | None:
    """Return the invitation that the browser came with, if it still holds and sign-up is not closed to all."""
    secret = request.session.get(_KEY)
    return invitations.find(secret) if secret and settings.SIGNUP != "closed" else None


def fix_address(form: forms.Form, invitation: Invitation | None) -> None:
    """Let a sign-up form be for the invited address and no other."""
    if invitation is not None:
        form.initial["email"] = invitation.email
        form.fields["email"].disabled = True
        form.fields["email"].help_text = _("You were invited at this address, so it is confirmed already.")


def take(request: HttpRequest, user: User) -> None:
    """Take the browser's invitation for a person who has just been made. Raises InvitationRefused."""
    invitations.take(secret=request.session.pop(_KEY, ""), user=user, origin=origin_of(request))

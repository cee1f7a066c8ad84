"""What staff do for a person: each by a page that asks first, each in the audit trail with who did it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from allauth.account.internal.flows.password_reset import request_password_reset
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import ImpersonationRefused
from accounts.impersonation import browser
from accounts.models import User
from accounts.services import impersonation, mail_limits, people, support
from accounts.services.staff_power import may_act_on
from trust.lib import clock
from trust.lib.origin import origin_of

_LONGEST_REASON: Final = 500


class Question(forms.Form):
    """Asks nothing but whether it is meant."""


class ReasonForm(Question):
    """Asks for the reason, which the audit trail keeps."""

    required_css_class = "required"
    reason = forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("How you made sure that it is them. Kept in the audit trail, and not told to them."),
    )


class ImpersonationForm(Question):
    """Asks for the reason to see the site as somebody."""

    required_css_class = ReasonForm.required_css_class
    reason = forms.CharField(
        label=_("Reason"),
        max_length=_LONGEST_REASON,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("What you have to see, and who asked for it. Kept in the audit trail, and not told to them."),
    )


Act = Callable[[HttpRequest, User, User, Question], HttpResponse | None]
Offered = Callable[[User], bool]


@dataclass(frozen=True)
class PersonAction:
    """One thing to do: what it is called and asks, who may, when there is anything to do, and how it is done.

    `wants_proof`: whoever does it must have proved a moment ago who they are.
    """

    name: str
    label: Promise
    question: Promise
    permission: str
    offered: Offered
    act: Act
    form: type[Question] = Question
    on_oneself: bool = False
    wants_proof: bool = False

    def may(self, actor: object, user: User | None = None) -> bool:
        """Tell whether somebody may do it at all, and to this person."""
        if not isinstance(actor, User) or not actor.has_perm(f"accounts.{self.permission}"):
            return False
        return user is None or (may_act_on(actor, user) and (self.on_oneself or user != actor))


class NotDone(Exception):
    """It was not done, for a reason that whoever asked for it may read."""


def _activate(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    people.activate(user=user, actor=actor, origin=origin_of(request))


def _deactivate(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    people.deactivate(user=user, actor=actor, origin=origin_of(request))


def _end_sessions(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    people.sign_out(user=user, reason="administrator", actor=actor.pk, origin=origin_of(request))


def _reset_factors(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    reason = form.cleaned_data["reason"]
    support.reset_factors(user=user, reason=reason, actor=actor, origin=origin_of(request))


def _mail_password_reset(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    _check_mail(user)
    with transaction.atomic():
        support.note_password_reset(user=user, actor=actor, origin=origin_of(request))
        request_password_reset(request, user.email, [user], None)


def _mail_confirmation(request: HttpRequest, user: User, actor: User, form: Question) -> None:
    _check_mail(user)
    with transaction.atomic():
        support.note_confirmation(user=user, actor=actor, origin=origin_of(request))
        address, _made = user.emailaddress_set.get_or_create(  # type: ignore[attr-defined]  # allauth's
            email=user.email, defaults={"primary": True}
        )
        address.send_confirmation(request)


def _impersonate(request: HttpRequest, user: User, actor: User, form: Question) -> HttpResponse:
    own = request.account_session  # type: ignore[attr-defined]
    reason, origin = form.cleaned_data["reason"], origin_of(request)
    try:
        begun = impersonation.begin(user=user, actor=actor, own=own, reason=reason, now=clock.now(), origin=origin)
    except ImpersonationRefused as refused:
        raise NotDone(_("The site cannot be seen as this person just now.")) from refused
    browser.put_aside(request, begun)
    return redirect("account_overview")


def _check_mail(user: User) -> None:
    if not mail_limits.may_repeat(to=user.email):
        raise NotDone(_("Too many mails went to this address: what was sent last is good still."))


def _always(user: User) -> bool:
    return True


def _has_factors(user: User) -> bool:
    return bool(User.objects.factors(user.pk).exists())


PERSON_ACTIONS: Final = (
    PersonAction(
        "end_sessions",
        _("End all sessions"),
        _("They are signed out everywhere, and every device is asked for everything again."),
        "change_session",
        _always,
        _end_sessions,
        on_oneself=True,
    ),
    PersonAction(
        "mail_password_reset",
        _("Mail a link to reset the password"),
        _("A link goes to their address by which they choose a new password. You see neither."),
        "send_links",
        lambda user: user.is_active,
        _mail_password_reset,
    ),
    PersonAction(
        "mail_confirmation",
        _("Mail a link to confirm the address"),
        _("A link goes to their address by which they confirm that it is theirs."),
        "send_links",
        lambda user: user.is_active and not user.has_verified_email,
        _mail_confirmation,
    ),
    PersonAction(
        "impersonate",
        _("See the site as this person"),
        _(
            "For 30 minutes at most you see what they see, and may sign in to applications that they have allowed. You "
            "can change nothing in their name. They are told by mail and in their activity."
        ),
        "impersonate_user",
        impersonation.is_possible,
        _impersonate,
        form=ImpersonationForm,
        wants_proof=True,
    ),
    PersonAction(
        "reset_factors",
        _("Reset second factors"),
        _(
            "All their second factors go, recovery codes and passkeys among them, and they are signed out everywhere. "
            "They are told by mail. Until they set up a new one, their password alone lets them in."
        ),
        "reset_factors",
        _has_factors,
        _reset_factors,
        form=ReasonForm,
    ),
    PersonAction(
        "deactivate",
        _("Deactivate"),
        _("They can sign in no more, and every session and token of theirs ends now."),
        "change_user",
        lambda user: user.is_active,
        _deactivate,
    ),
    PersonAction(
        "activate",
        _("Activate"),
        _("They can sign in again. Sessions that ended stay ended; an account that was closed is not erased."),
        "change_user",
        lambda user: not user.is_active,
        _activate,
    ),
)

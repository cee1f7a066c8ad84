"""The one place where the libraries' own signals are received: Django's and allauth's, never ours.

Whatever door a browser signs in by, Django says so, and a Session begins; so no door can forget it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import is_headless_request
from allauth.headless.constants import Client
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as external_signals
from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import m2m_changed, pre_delete, pre_save  # noqa: TID251 - Django's own groups
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import device_cookie
from accounts.authentication import summed_up
from accounts.middleware import SID_KEY
from accounts.models import Session, StaffGroup, User
from accounts.services import notices, people, roles, sessions, sign_ins, staff_groups
from accounts.services.not_me_link import Change, Undo
from accounts.services.notices import Notice
from trust.lib import clock
from trust.lib.origin import origin_of


@receiver(user_logged_in)
def begin_session(request: HttpRequest, user: User, **signal: Any) -> None:
    """Begin the Session of a sign-in by a browser or an app; the one that the browser had before ends."""
    origin = origin_of(request)
    previous = getattr(request, "account_session", None)
    if previous is not None:
        sessions.end(session_id=previous.pk, reason="signed_in_again", origin=origin)
    records = getattr(request, "authentication_records", None) or get_authentication_records(request, user)
    is_app = is_headless_request(request) == Client.APP  # it has no cookies, and gets tokens
    session, mark = sign_ins.begin(
        user=user,
        kind=Session.Kind.API if is_app else Session.Kind.BROWSER,
        authentication=summed_up(records, now=clock.now()),
        marks=() if is_app else device_cookie.marks_of(request),
        origin=origin,
    )
    if not is_app:
        device_cookie.remember(request, mark)
        request.session.set_expiry(None)  # what nobody had signed in to may have been short
    request.session[SID_KEY] = str(session.pk)
    request.account_session = session  # type: ignore[attr-defined]


@receiver(user_logged_out)
def end_session(request: HttpRequest, user: User | None, **signal: Any) -> None:
    """End the Session with the browser's sign-out."""
    session = getattr(request, "account_session", None)
    if session is not None:
        sessions.end(session_id=session.pk, reason="signed_out", origin=origin_of(request))
        request.account_session = None  # type: ignore[attr-defined]


_WHAT_WAS_DONE: Final = {
    mfa_signals.authenticator_added: "added",
    mfa_signals.authenticator_removed: "removed",
    mfa_signals.authenticator_reset: "made_anew",
}


@receiver(list(_WHAT_WAS_DONE))
def factor_changed(request: HttpRequest, user: User, authenticator: Any, signal: Any, **named: Any) -> None:
    """A changed factor ends every other session, and its person is told."""
    what, session = _WHAT_WAS_DONE[signal], getattr(request, "account_session", None)
    undo = None if what == "removed" else people.added_factor(user=user, row_id=authenticator.pk)
    people.factor_changed(
        user=user,
        keep=session and session.pk,
        factor=authenticator.type,
        change=what,
        notice=notices.of_factor(authenticator.type, what, undo=undo),
        origin=origin_of(request),
    )


@receiver(account_signals.email_changed)
def address_changed(
    request: HttpRequest, user: User, from_email_address: Any, to_email_address: Any, **signal: Any
) -> None:
    """A changed address is told to both; the first one that a person proves is no change."""
    if from_email_address is not None:
        people.address_changed(
            user=user,
            before=from_email_address.email,
            was_verified=from_email_address.verified,
            after=to_email_address.email,
            origin=origin_of(request),
        )


@receiver(account_signals.email_removed)
def address_removed(request: HttpRequest, user: User, email_address: Any, **signal: Any) -> None:
    """An address that was taken away is told of."""
    people.address_removed(user=user, email=email_address.email, origin=origin_of(request))


@receiver(external_signals.social_account_added)
def external_account_connected(request: HttpRequest, sociallogin: Any, **signal: Any) -> None:
    """An external account that was connected ends every other session, and the person is told."""
    account = sociallogin.account
    undo = Undo(Change.EXTERNAL_ACCOUNT, str(account.pk))
    notice = Notice("socialaccount/email/account_connected", undo=undo)
    _external_account_changed(request, account, "added", notice)


@receiver(external_signals.social_account_removed)
def external_account_disconnected(request: HttpRequest, socialaccount: Any, **signal: Any) -> None:
    """So does one that was taken away."""
    notice = Notice("socialaccount/email/account_disconnected")
    _external_account_changed(request, socialaccount, "removed", notice)


def _external_account_changed(request: HttpRequest, account: Any, change: str, notice: Notice) -> None:
    session = getattr(request, "account_session", None)
    people.factor_changed(
        user=account.user,
        keep=session and session.pk,
        factor=f"external:{account.provider}",
        change=change,
        notice=replace(notice, words={"provider": str(account.get_provider())}),
        origin=origin_of(request),
    )


def _noted(action: str) -> Callable[..., None]:
    """Return a receiver that leaves an audit row."""

    def note(request: HttpRequest, user: User | None = None, email_address: Any = None, **signal: Any) -> None:
        about = user or email_address.user
        identifier = "" if email_address is None else email_address.email
        people.note(action=action, user=about, origin=origin_of(request), identifier=identifier)

    return note


@receiver(account_signals.user_signed_up)
def count_sign_up(**signal: Any) -> None:
    """There is a person more."""
    people.made(how="signed_up")


_NOTED: Final = {
    account_signals.user_signed_up: _noted("person.signed_up"),
    account_signals.email_added: _noted("person.email_change_asked"),
    account_signals.email_confirmed: _noted("person.email_verified"),
    mfa_signals.authentication_failed: _noted("one_time_code.refused"),
}
for signal, note in _NOTED.items():
    signal.connect(note, weak=False)


@receiver(m2m_changed, sender=User.groups.through)
def revoke_changed_roles(instance: User | Group, action: str, pk_set: set[Any] | None, **signal: Any) -> None:
    """A person whose groups change gets tokens with their new roles, and the old ones die."""
    if action not in {"post_add", "post_remove", "pre_clear"}:
        return
    if isinstance(instance, User):
        roles.changed(user_ids=[instance.pk])
    else:
        roles.changed(user_ids=pk_set or roles.members(group=instance))


@receiver(pre_save, sender=Group)
def revoke_renamed_role(instance: Group, **signal: Any) -> None:
    """A role under a new name dies under the old one."""
    if instance.pk is not None:
        roles.ended(group=instance)


@receiver(pre_delete, sender=Group)
def revoke_deleted_role(instance: Group, **signal: Any) -> None:
    """A role that is deleted is gone from tokens too."""
    roles.ended(group=instance)


def provide_staff_groups(app_config: AppConfig, using: str, **signal: Any) -> None:
    """Make the groups of staff after a migration, and give them the permissions that are new (accounts/apps.py)."""
    create_permissions(app_config, using=using, verbosity=0)  # Django does so later
    is_there = StaffGroup._meta.db_table in connections[using].introspection.table_names()
    if is_there and using == DEFAULT_DB_ALIAS:
        staff_groups.provide()

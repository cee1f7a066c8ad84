"""The one place where the libraries' own signals are received: Django's and allauth's, never ours.

Whatever door a browser signs in by, Django says so, and a Session begins; so no door can forget it.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa_signals
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import m2m_changed, pre_delete, pre_save  # noqa: TID251 - Django's own groups
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.authentication import summed_up
from accounts.middleware import SID_KEY
from accounts.models import Session, User
from accounts.services import people, roles, sessions
from trust.lib import clock
from trust.lib.origin import origin_of


@receiver(user_logged_in)
def begin_session(request: HttpRequest, user: User, **signal: Any) -> None:
    """Begin the Session of a browser's sign-in; the one that the browser had before ends."""
    origin = origin_of(request)
    previous = getattr(request, "account_session", None)
    if previous is not None:
        sessions.end(session_id=previous.pk, reason="signed_in_again", origin=origin)
    records = getattr(request, "authentication_records", None) or get_authentication_records(request, user)
    session = sessions.start(
        user=user, kind=Session.Kind.BROWSER, authentication=summed_up(records, now=clock.now()), origin=origin
    )
    request.session[SID_KEY] = str(session.pk)
    request.account_session = session  # type: ignore[attr-defined]


@receiver(user_logged_out)
def end_session(request: HttpRequest, user: User | None, **signal: Any) -> None:
    """End the Session with the browser's sign-out."""
    session = getattr(request, "account_session", None)
    if session is not None:
        sessions.end(session_id=session.pk, reason="signed_out", origin=origin_of(request))
        request.account_session = None  # type: ignore[attr-defined]


@receiver([mfa_signals.authenticator_added, mfa_signals.authenticator_removed, mfa_signals.authenticator_reset])
def end_sessions_of_the_old_factors(request: HttpRequest, user: User, authenticator: Any, **signal: Any) -> None:
    """A changed factor ends every other session."""
    session = getattr(request, "account_session", None)
    people.factor_changed(user=user, keep=session and session.pk, factor=authenticator.type, origin=origin_of(request))


@receiver(account_signals.email_changed)
def note_changed_address(request: HttpRequest, user: User, **signal: Any) -> None:
    """Leave an audit row for a changed address."""
    people.note(action="person.email_changed", user=user, origin=origin_of(request))


@receiver(account_signals.user_signed_up)
def note_sign_up(request: HttpRequest, user: User, **signal: Any) -> None:
    """Leave an audit row for a sign-up."""
    people.note(action="person.signed_up", user=user, origin=origin_of(request))


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
        roles.changed(user_ids=roles.members(group=instance))


@receiver(pre_delete, sender=Group)
def revoke_deleted_role(instance: Group, **signal: Any) -> None:
    """A role that is deleted is gone from tokens too."""
    roles.changed(user_ids=roles.members(group=instance))

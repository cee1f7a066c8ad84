"""People: made, changed, deactivated and activated again."""

import secrets
import uuid
from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import SignInChallenge, User
from accounts.services import sessions
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.limits import guesses
from trust.limits.conf import SIGN_IN


@transaction.atomic
def create_person(
    *,
    username: str,
    email: str,
    password: str | None,
    verified: bool,
    staff: bool = False,
    superuser: bool = False,
    actor: User | None = None,
    origin: Origin = Origin(),
) -> User:
    """Make a person and their primary address. Without a password nobody can sign in by one.

    Raises django.db.IntegrityError if the username or the address is taken, whatever its case.
    """
    user = User.objects.create_user(username, email, password, is_staff=staff, is_superuser=superuser)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
    record("person.created", subject=user.pk, actor=_id(actor), origin=origin, details={"staff": staff})
    return user


@transaction.atomic
def update_profile(*, user: User, claims: Mapping[str, object], origin: Origin) -> None:
    """Save the named claims, validated before, of a person."""
    for name, value in claims.items():
        setattr(user, name, value)
    user.save(update_fields=[*claims, "updated_at"])
    record("person.profile_changed", subject=user.pk, origin=origin, details={"claims": sorted(claims)})


@transaction.atomic
def deactivate(*, user: User, actor: User | None, origin: Origin = Origin()) -> None:
    """Shut a person out at once: no sign-in, every session ended, every token dead."""
    User.objects.by_id(user.pk).update(is_active=False)
    user.is_active = False
    sessions.end_all(user=user, reason="deactivated", actor=_id(actor), origin=origin)
    record("person.deactivated", subject=user.pk, actor=_id(actor), origin=origin)


@transaction.atomic
def activate(*, user: User, actor: User | None, origin: Origin = Origin()) -> None:
    """Let a person in again; their old sessions stay ended."""
    User.objects.by_id(user.pk).update(is_active=True)
    user.is_active = True
    record("person.activated", subject=user.pk, actor=_id(actor), origin=origin)


@transaction.atomic
def replace_password(*, user: User, password: str, keep: uuid.UUID | None, origin: Origin) -> None:
    """Set a new password, end every session but the one to `keep`, and forget the guesses at the old one.

    What whoever knew the old one may have left behind goes too: a change of address that waits for its link, and
    sign-ins that wait for a code. By the mailed link, somebody proves an address that maybe nobody ever proved: then
    an external account was connected by who merely claimed it (pre-hijacking), and is taken away.
    """
    user.set_password(password)
    user.save(update_fields=["password", "has_long_password"])
    guesses.reset(SIGN_IN, str(user.pk))
    User.objects.addresses_asked_for(user.pk).delete()
    SignInChallenge.objects.of_user(user.pk).delete()
    if keep is None and not user.has_verified_email:
        User.objects.external_accounts(user.pk).delete()
    sessions.end_all(user=user, reason="password_replaced", keep=keep, origin=origin)
    record("person.password_replaced", subject=user.pk, origin=origin)


@transaction.atomic
def factor_changed(*, user: User, keep: uuid.UUID | None, factor: str, origin: Origin) -> None:
    """Note that a second factor was added, removed or made anew, and end every session but one."""
    sessions.end_all(user=user, reason="factor_changed", keep=keep, origin=origin)
    record("person.factor_changed", subject=user.pk, origin=origin, details={"factor": factor})


def note(*, action: str, user: User | None, origin: Origin, identifier: str = "") -> None:
    """Leave an audit row about a person, or about a name that nobody has."""
    record(action, subject=_id(user), origin=origin, identifier=identifier)


def unused_username() -> str:
    """Return a username for a person who chose none."""
    return f"user-{secrets.token_hex(6)}"


def _id(user: User | None) -> uuid.UUID | None:
    return None if user is None else user.pk

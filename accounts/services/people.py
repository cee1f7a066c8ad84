"""People: made, changed, deactivated and activated again."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import SignInChallenge, User
from accounts.models.person import ACTIVE_USER, FIND_PERSON, Person, PersonAsk
from accounts.services import devices, notices, sessions
from accounts.services.not_me_link import Change, Undo
from accounts.services.notices import Notice
from trust.audit.record import record
from trust.lib import shared_statements
from trust.lib.hooks import tell
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
    made(how="created")
    return user


def made(*, how: str) -> None:
    """Tell that there is a person more, once the transaction is through: `created` by staff, or `signed_up`."""
    transaction.on_commit(partial(tell, settings.PERSON_MADE, how=how), robust=True)


def create_in_vain(*, password: str) -> None:
    """Take as long as it takes to make a person, and leave nobody."""
    username = unused_username()
    with transaction.atomic():
        create_person(username=username, email=f"{username}@invalid", password=password, verified=False)
        transaction.set_rollback(True)


async def active(subject: str, *, with_verified: bool = False, with_roles: bool = False) -> Person | None:
    """Return the active person of a `sub`, or None; what stands in other tables only if it is wanted."""
    try:
        ask = PersonAsk(uuid.UUID(subject), with_verified, with_roles)
    except ValueError:
        return None
    return await shared_statements.ask(FIND_PERSON, ask)


def active_user(subject: str) -> User | None:
    """Return the row of the active person of a `sub`, with what is told of them from other tables, or None.

    That is `told_verified` and `told_roles`. Raises django.core.exceptions.ValidationError if it is no id.
    """
    return ACTIVE_USER.find(subject)


@transaction.atomic
def update_profile(*, user: User, claims: Mapping[str, object], origin: Origin) -> None:
    """Save the named claims, validated before, of a person."""
    for name, value in claims.items():
        setattr(user, name, value)
    user.save(update_fields=[*claims, "updated_at"])
    record("person.profile_changed", subject=user.pk, origin=origin, details={"claims": sorted(claims)})


@transaction.atomic
def deactivate(*, user: User, actor: User | None, origin: Origin = Origin()) -> None:
    """Shut a person out at once: no sign-in, every session ended, every token dead.

    Who closed the account themselves cannot come back to it by their link any more; it is erased when they asked.
    """
    User.objects.by_id(user.pk).update(is_active=False)
    User.objects.by_id(user.pk).end_way_back()
    user.is_active = False
    devices.forget(user=user)
    sessions.end_all(user=user, reason="deactivated", actor=_id(actor), origin=origin)
    record("person.deactivated", subject=user.pk, actor=_id(actor), origin=origin)


@transaction.atomic
def activate(*, user: User, actor: User | None, origin: Origin = Origin()) -> None:
    """Let a person in again; their old sessions stay ended, and an account that they closed is not erased."""
    User.objects.by_id(user.pk).update(is_active=True, erase_at=None)
    user.is_active, user.erase_at = True, None
    record("person.activated", subject=user.pk, actor=_id(actor), origin=origin)


@transaction.atomic
def sign_out(
    *,
    user: User,
    reason: str,
    keep: uuid.UUID | None = None,
    marks: Sequence[str] = (),
    actor: uuid.UUID | None = None,
    origin: Origin,
) -> None:
    """End every session of a person but the one to `keep`, and forget their devices but the one with these marks."""
    devices.forget(user=user, but=marks)
    sessions.end_all(user=user, reason=reason, keep=keep, actor=actor, origin=origin)


@transaction.atomic
def replace_password(
    *,
    user: User,
    password: str,
    keep: uuid.UUID | None,
    marks: Sequence[str] = (),
    is_told: bool = True,
    origin: Origin,
) -> None:
    """Set a new password, end every session but the one to `keep`, and forget the guesses at the old one.

    Devices are forgotten too, but for the one with these marks where a session is kept: whoever knew the old password
    may have signed in from one. The person is told, unless it was the operator who did it.

    What whoever knew the old one may have left behind goes too: a change of address that waits for its link, and
    sign-ins that wait for a code. By the mailed link, somebody proves an address that maybe nobody ever proved: then
    an external account was connected by who merely claimed it (pre-hijacking), and is taken away.
    """
    notice = _of_password(user, keep)
    user.set_password(password)
    user.save(update_fields=["password", "has_long_password"])
    guesses.reset(SIGN_IN, str(user.pk))
    User.objects.addresses_asked_for(user.pk).delete()
    SignInChallenge.objects.of_user(user.pk).delete()
    if keep is None and not user.has_verified_email:
        User.objects.external_accounts(user.pk).delete()
    devices.forget(user=user, but=() if keep is None else marks)
    sessions.end_all(user=user, reason="password_replaced", keep=keep, origin=origin)
    record("person.password_replaced", subject=user.pk, origin=origin)
    if is_told:
        notices.send(notice, user=user, origin=origin)


@transaction.atomic
def factor_changed(
    *,
    user: User,
    keep: uuid.UUID | None,
    factor: str,
    change: str = "made_anew",
    notice: Notice | None = None,
    origin: Origin,
) -> None:
    """Note that a way to prove who one is was added, removed or made anew, tell of it, and end every session but one.

    Devices stay known: each of them still gave the password, and is asked for the factors that there are now.
    """
    sessions.end_all(user=user, reason="factor_changed", keep=keep, origin=origin)
    record("person.factor_changed", subject=user.pk, origin=origin, details={"factor": factor, "change": change})
    if notice is not None:
        notices.send(notice, user=user, origin=origin)


def added_factor(*, user: User, row_id: object) -> Undo:
    """Return what undoes a second factor that was just added."""
    before = [row for row in User.objects.factors(user.pk) if row.pk != row_id and row.type != "recovery_codes"]
    return Undo(Change.FACTOR, str(row_id), is_first=not before)


@transaction.atomic
def recovery_code_used(*, user: User, left: int, origin: Origin) -> None:
    """Note that a recovery code was used, and tell how many are left."""
    record("recovery_code.used", subject=user.pk, origin=origin, details={"left": left})
    notices.send(Notice("account/email/recovery_code_used", {"left": left}), user=user, origin=origin)


@transaction.atomic
def address_changed(*, user: User, before: str, was_verified: bool, after: str, origin: Origin) -> None:
    """Note that an address changed, and tell both: the old one, if it was proved, can be put back from there."""
    record("person.email_changed", subject=user.pk, origin=origin)
    words = {"from_email": before, "to_email": after}
    undo = Undo(Change.ADDRESS, before) if was_verified else None
    notices.send(Notice("account/email/email_changed", words, undo), user=user, to=before, origin=origin)
    notices.send(Notice("account/email/email_changed", words), user=user, to=after, origin=origin)


def note(*, action: str, user: User | None, origin: Origin, identifier: str = "") -> None:
    """Leave an audit row about a person, or about a name that nobody has."""
    record(action, subject=_id(user), origin=origin, identifier=identifier)


def unused_username() -> str:
    """Return a username for a person who chose none."""
    return f"user-{secrets.token_hex(6)}"


@transaction.atomic
def address_removed(*, user: User, email: str, origin: Origin) -> None:
    """Note that an address was taken away from a person, and tell them."""
    record("person.email_removed", subject=user.pk, origin=origin, identifier=email)
    notices.send(Notice("account/email/email_deleted", {"deleted_email": email}), user=user, origin=origin)


def _of_password(user: User, keep: uuid.UUID | None) -> Notice:
    """Return what to tell of a new password: without a session it was given by the mailed link."""
    if keep is None:
        return notices.PASSWORD_RESET
    return notices.PASSWORD_CHANGED if user.has_usable_password() else notices.PASSWORD_SET


def _id(user: User | None) -> uuid.UUID | None:
    return None if user is None else user.pk

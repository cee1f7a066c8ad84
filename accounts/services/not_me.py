"""What "this was not me" does: everybody is out, the password is dead, and what the mail told of is undone."""

from typing import Final

from django.db import transaction

from accounts.conf import NOT_ME_LIFETIME
from accounts.errors import NotMeRefused
from accounts.models import SignInChallenge, User
from accounts.services import devices, not_me_link, provisioning, sessions
from accounts.services.not_me_link import Change, NotMe, Undo
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.limits import once

_USED: Final = "not-me"


def read(token: str) -> NotMe:
    """Return what a link says, changing nothing. Raises NotMeRefused, which says whether it was used."""
    link = not_me_link.read(token)
    user = User.objects.by_id(link.user_id).first()
    if user is None or not link.is_for(user):
        raise NotMeRefused
    if once.is_used(_USED, token):
        raise NotMeRefused(used=True)
    return link


@transaction.atomic
def act(*, token: str, origin: Origin) -> User:
    """Shut everybody out of the account, and return whose it is. Raises NotMeRefused.

    The password goes too, since whoever signed in may know it, and would be back in a moment. The person is not
    shut out by that: they have the mailbox, and with it the reset, which still asks for their second factor.
    """
    link = not_me_link.read(token)
    user: User | None = User.objects.by_id(link.user_id).select_for_update(no_key=True).first()
    if user is None or not link.is_for(user):
        raise NotMeRefused
    if not once.use(_USED, token, memory=NOT_ME_LIFETIME):
        raise NotMeRefused(used=True)
    user.set_unusable_password()
    user.save(update_fields=["password", "has_long_password"])
    if link.undo is not None:
        _undo(user, link.undo)
    User.objects.addresses_asked_for(user.pk).delete()
    SignInChallenge.objects.of_user(user.pk).delete()
    devices.forget(user=user)
    sessions.end_all(user=user, reason="not_me", origin=origin)
    details = {"undone": link.undo.change} if link.undo else {}
    record("person.not_me", subject=user.pk, origin=origin, details=details)
    return user


def _undo(user: User, undo: Undo) -> None:
    match undo.change:
        case Change.ADDRESS:
            _put_address_back(user, undo.reference)
        case Change.FACTOR:
            _remove_factor(user, undo)
        case Change.EXTERNAL_ACCOUNT:
            _disconnect(user, undo.reference)


def _put_address_back(user: User, email: str) -> None:
    """Without it the reset would be mailed to whoever changed it. Another person may have it by now."""
    if provisioning.holder_of(email) in {None, user}:
        provisioning.set_address(user=user, email=email, verified=True)


def _remove_factor(user: User, undo: Undo) -> None:
    """Take the account back to the factors that it had before the mail, and no further.

    If there were none, whatever is there now came later. Else the one that was added goes, but not if it is all that
    is left: who stole the mailbox alone could rid the account of its second factor.
    """
    factors = list(User.objects.factors(user.pk))
    added = [factor for factor in factors if str(factor.pk) == undo.reference]
    others = [factor for factor in factors if factor not in added and factor.type != "recovery_codes"]
    for factor in factors if undo.is_first else added:
        if undo.is_first or others or factor.type == "recovery_codes":
            factor.delete()


def _disconnect(user: User, reference: str) -> None:
    for account in User.objects.external_accounts(user.pk):
        if str(account.pk) == reference:
            account.delete()

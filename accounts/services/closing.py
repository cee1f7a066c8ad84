"""Closing one's own account: shut at once, erased after days of grace (accounts/services/erasure.py).

The way back is a link in a mail. It is signed, names the person and the time of the erasure, and so opens that one
closing and no other: it is spent when the account is open again, and an administrator who deactivates the account
ends it (accounts/services/people.py).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.conf import ERASURE_GRACE
from accounts.errors import LastAdministrator
from accounts.models import SignInChallenge, User
from accounts.models.user_queryset import UserQuerySet
from accounts.services import letters, sessions
from trust.audit.record import record
from trust.lib.locks import hold_until_commit
from trust.lib.origin import Origin

_SALT: Final = "accounts.way-back"


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a link names: who may come back, until when."""

    user_id: uuid.UUID
    erase_at: datetime


@transaction.atomic
def close(*, user: User, now: datetime, origin: Origin) -> datetime | None:
    """Shut the account of a person who wants it gone, and return when it will be erased; None if it was shut already.

    Raises LastAdministrator.
    """
    _check_somebody_is_left(user)
    erase_at = now + ERASURE_GRACE
    if not User.objects.by_id(user.pk).active().update(is_active=False, erase_at=erase_at):
        return None
    SignInChallenge.objects.of_user(user.pk).delete()
    sessions.end_all(user=user, reason="closed", origin=origin)
    record("person.closed", subject=user.pk, origin=origin)
    path = reverse("account_way_back", args=[_link(WayBack(user.pk, erase_at))])
    letters.send(user=user, template="account_closed", path=path, erase_at=erase_at)
    return erase_at


def load_way_back(link: str) -> WayBack | None:
    """Return what a link names if its account still waits to be erased, else None."""
    try:
        user_id, erase_at = signing.loads(link, salt=_SALT)
    except signing.BadSignature:
        return None
    way_back = WayBack(uuid.UUID(user_id), datetime.fromisoformat(erase_at))
    return way_back if _waiting(way_back).exists() else None


@transaction.atomic
def come_back(*, way_back: WayBack, origin: Origin) -> bool:
    """Open the account again; False if it was opened, erased or taken in hand by an administrator meanwhile."""
    if not _waiting(way_back).update(is_active=True, erase_at=None):
        return False
    record("person.came_back", subject=way_back.user_id, origin=origin)
    return True


def _waiting(way_back: WayBack) -> UserQuerySet:
    waiting: UserQuerySet = User.objects.by_id(way_back.user_id).closed_until(way_back.erase_at)
    return waiting


def _check_somebody_is_left(user: User) -> None:
    if user.is_superuser and user.is_staff:
        hold_until_commit("accounts.last-administrator")  # of two who leave at once, one stays
        if not User.objects.administrators().active().but_for(user.pk).exists():
            raise LastAdministrator


def _link(way_back: WayBack) -> str:
    return signing.dumps([str(way_back.user_id), way_back.erase_at.isoformat()], salt=_SALT)

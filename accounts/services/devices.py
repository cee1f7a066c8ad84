"""Devices that a person signed in from before: a new one is told of by mail, a known one has guesses of its own.

A browser is known by a random mark in its cookie. A program has no cookie: it is known by what it calls itself and
by its network, which is enough to spare its person a mail, but no secret: it is given no guesses of its own.
"""

import ipaddress
import secrets
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.conf import DEVICES_OF_A_PERSON
from accounts.models import KnownDevice, Session, User
from accounts.services import notices
from accounts.user_agent import kind_of
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.limits import guesses, rates
from trust.limits.conf import NEW_DEVICE_NOTICE, SIGN_IN, SIGN_IN_FROM_KNOWN_DEVICE
from trust.limits.errors import LimitExceeded


@dataclass(frozen=True, slots=True)
class Budget:
    """What a guess was counted against: the account, and the device if it is known."""

    target: str
    device: str = ""

    @property
    def key(self) -> str:
        """What the guesses at the account are counted by."""
        return guesses.key_of(SIGN_IN, self.target)

    def reset(self) -> None:
        """Forget the guesses: the right password was given."""
        guesses.reset(SIGN_IN, self.target)
        if self.device:
            guesses.reset(SIGN_IN_FROM_KNOWN_DEVICE, self.device)


@transaction.atomic
def met(*, session: Session, marks: Sequence[str], now: datetime, origin: Origin) -> str:
    """Remember where a person has just signed in, tell them if it is new, and return its mark.

    The first sign-in of an account is no news: whoever makes an account knows that they do.
    """
    user, devices = session.user, KnownDevice.objects.of_user(session.user_id)
    known = {digest_of(mark): mark for mark in marks}
    device = devices.by_digests(known).first()
    if device is not None:
        devices.by_digest(device.digest).update(last_seen=now)
        return known[device.digest]
    is_first = not devices.exists() and not Session.objects.of_user(user.pk).except_for(session.pk).exists()
    mark = secrets.token_urlsafe(16) if session.kind == Session.Kind.BROWSER else marks[0]
    _, is_new = KnownDevice.objects.get_or_create(user=user, digest=digest_of(mark), defaults={"last_seen": now})
    if is_new and not is_first:
        _tell(user, origin)
    devices.beyond(DEVICES_OF_A_PERSON).delete()
    return mark


def _tell(user: User, origin: Origin) -> None:
    """Tell of a new device, but do not bury a mailbox: a browser that keeps no cookies is new each time."""
    with suppress(LimitExceeded):
        rates.take(NEW_DEVICE_NOTICE, str(user.pk))
        user.refresh_from_db(fields=user.get_deferred_fields())  # a sign-in reads little of a person
        notices.send(notices.NEW_DEVICE, user=user, origin=origin)


def mark_of_program(*, user: User, origin: Origin) -> str:
    """Return what a program is known by: what it calls itself, without its version, and its network."""
    return f"{user.pk} {kind_of(origin.user_agent)} {_network(origin.client_address)}"


def forget(*, user: User, but: Sequence[str] = ()) -> None:
    """Forget the devices of a person, but for the one with one of these marks."""
    KnownDevice.objects.of_user(user.pk).except_for([digest_of(mark) for mark in but]).delete()


def take_guess(*, user: User | None, target: str, marks: Sequence[str]) -> Budget:
    """Count one guess at a password before it is judged. Raises LimitExceeded.

    Where strangers have used up the guesses at an account, its person can still sign in from a device of theirs,
    which has guesses of its own, and few. They count for the account, too, while it takes any.
    A mark that is not this person's changes nothing, and neither tells whether there is such a person.
    """
    device = _presented(user, marks) if marks else None
    if device is None:
        guesses.take(SIGN_IN, target)
        return Budget(target)
    guesses.take(SIGN_IN_FROM_KNOWN_DEVICE, str(device.pk))
    with suppress(LimitExceeded):
        guesses.take(SIGN_IN, target)
    return Budget(target, str(device.pk))


def _presented(user: User | None, marks: Sequence[str]) -> KnownDevice | None:
    # Nobody's is looked for too, so that a look tells nothing.
    return KnownDevice.objects.of_user(user.pk if user else uuid.uuid4()).by_digests(map(digest_of, marks)).first()


@lru_cache(4096)
def _network(client_address: str) -> str:
    """Return the network that an address is of: within it a program at home has another address every other day."""
    try:
        address = ipaddress.ip_address(client_address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))

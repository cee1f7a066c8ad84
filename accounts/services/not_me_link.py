"""The link "this was not me" that each notice has: signed, good for a week, for the mailbox that it was sent to.

It names its person, the address that it was mailed to by a digest, and what the mail told of, if that can be undone.
A mailbox that is no longer the person's has lost its links with it, but for the one that tells of that very change.
"""

import hashlib
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.conf import NOT_ME_LIFETIME
from accounts.errors import NotMeRefused
from accounts.models import User
from trust.lib.sealing import SealBroken, seal, unseal

_SALT: Final = "accounts.not-me"
_PURPOSE: Final = "not-me"


class Change(StrEnum):
    """What a link can undo."""

    ADDRESS = "address"
    FACTOR = "factor"
    EXTERNAL_ACCOUNT = "external"


@dataclass(frozen=True, slots=True)
class Undo:
    """What the mail told of: the address that was the person's, or the row of what was added.

    `is_first` says that a factor was the account's first: without it the account is what it was before.
    """

    change: Change
    reference: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class NotMe:
    """What a link says; `token` is the link itself."""

    token: str
    user_id: uuid.UUID
    mailed_to: str
    undo: Undo | None

    def is_for(self, user: User) -> bool:
        """Tell whether the mailbox still is the person's, or was until the change that the mail told of."""
        is_about_address = self.undo is not None and self.undo.change == Change.ADDRESS
        return is_about_address or self.mailed_to == _digest(user.pk, user.email)


def url_for(*, user: User, to: str, undo: Undo | None) -> str:
    """Return the link for a mail to this address."""
    held = {"person": user.pk.hex, "to": _digest(user.pk, to)}
    if undo is not None:
        held |= {"undo": undo.change, "what": _kept(undo), "first": "1" if undo.is_first else ""}
    return f"{settings.ISSUER}{reverse('account_not_me', args=[signing.dumps(held, salt=_SALT)])}"


def read(token: str) -> NotMe:
    """Return what a link says. Raises NotMeRefused if it is not ours, or too old."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=NOT_ME_LIFETIME)
        return NotMe(token, uuid.UUID(held["person"]), held["to"], _undo(held))
    except (signing.BadSignature, SealBroken) as broken:
        raise NotMeRefused from broken


def _kept(undo: Undo) -> str:
    """Seal an address: links end in the logs of proxies."""
    return seal(undo.reference.encode(), purpose=_PURPOSE) if undo.change == Change.ADDRESS else undo.reference


def _undo(held: dict[str, str]) -> Undo | None:
    if "undo" not in held:
        return None
    change, what = Change(held["undo"]), held["what"]
    reference = unseal(what, purpose=_PURPOSE).decode() if change == Change.ADDRESS else what
    return Undo(change, reference, is_first=bool(held["first"]))


def _digest(user_id: uuid.UUID, address: str) -> str:
    return hashlib.sha256(f"{user_id} {address}".encode()).hexdigest()[:32]

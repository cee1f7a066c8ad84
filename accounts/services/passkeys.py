"""Passkeys of people: asked for, checked, and what is remembered of them (Web Authentication Level 3)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from fido2.webauthn import AttestedCredentialData, PublicKeyCredentialDescriptor, PublicKeyCredentialUserEntity

from accounts.conf import CHALLENGE_LIFETIME, LONGEST_PASSKEY_ANSWER, MOST_PASSKEYS
from accounts.errors import PasskeyRefused
from accounts.models import User
from accounts.webauthn import answers, asking
from accounts.webauthn.answers import Assertion
from accounts.webauthn.asking import Ceremony, Options
from accounts.webauthn.kept import descriptor, what_is_kept
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.limits import once


@dataclass(frozen=True, slots=True)
class Proof:
    """A passkey answered: `passkey` is allauth's row, whose person it proves."""

    passkey: Any
    user_verified: bool


def begin_registration(*, user: User, now: datetime) -> tuple[Options, Ceremony]:
    """Return what to ask a browser for a new passkey of a person, and what to keep."""
    entity = PublicKeyCredentialUserEntity(
        id=_handle(user).encode(), name=user.email, display_name=user.get_full_name()
    )
    return asking.begin_registration(entity, _descriptors(_rows(user)), now=now)


def begin_authentication(*, user: User | None, now: datetime) -> tuple[Options, Ceremony]:
    """Return what to ask a browser for a proof of a person, or of whoever it is, and what to keep."""
    if user is None:
        return asking.begin_authentication("", [], now=now)
    return asking.begin_authentication(_handle(user), _descriptors(_rows(user)), now=now)


def registered(*, user: User, ceremony: Ceremony, answer: Any, now: datetime) -> dict[str, Any]:
    """Check the answer for a new passkey and return what is kept of it. Raises PasskeyRefused."""
    if ceremony.user != _handle(user):
        raise PasskeyRefused("another person's")
    use_up(ceremony=ceremony)
    checked = answers.registered(ceremony, _bounded(answer), now=now)
    rows = _rows(user)
    if len(rows) >= MOST_PASSKEYS or any(credential.credential_id == checked.raw_id for credential in _known(rows)):
        raise PasskeyRefused("known, or one too many")
    return what_is_kept(checked, answer)


def owner(answer: Any, *, origin: Origin) -> User:
    """Return the active person whose passkey an answer says it is, before it is checked. Raises PasskeyRefused."""
    found: User | None = User.objects.by_subject(answers.user_handle(_bounded(answer))).active().first()
    if found is None:
        record("passkey.refused", origin=origin)
        raise PasskeyRefused("nobody's")
    return found


def answered(*, user: User, ceremony: Ceremony, answer: Any, alone: bool, now: datetime, origin: Origin) -> Proof:
    """Check a person's answer and move their passkey's counter on. Raises PasskeyRefused.

    Where the passkey is to prove the person `alone`, the ceremony was begun for anybody, and the key must have
    verified them. Whether the ceremony is used up is the caller's to see to: `use_up`, or a challenge that counts.
    """
    try:
        return _answered(user, ceremony, answer, alone=alone, now=now)
    except PasskeyRefused as refused:
        record("passkey.refused", subject=user.pk, origin=origin, details={"reason": refused.reason})
        raise


def use_up(*, ceremony: Ceremony) -> None:
    """Take a ceremony for its single use, on every process. Raises PasskeyRefused."""
    if not once.use("passkey", ceremony.challenge, memory=2 * CHALLENGE_LIFETIME):
        raise PasskeyRefused("used")


@transaction.atomic
def rename(*, user: User, passkey: Any, name: str, origin: Origin) -> None:
    """Give a passkey another name; its counter, which may be moving, stays."""
    for row in _rows(user, locked=True):
        if row.pk == passkey.pk:
            row.data["name"] = name
            row.save(update_fields=["data"])
            record("passkey.renamed", subject=user.pk, origin=origin)


def is_only_way_in(*, user: User, passkey: Any) -> bool:
    """Tell whether a person could not sign in any more without this passkey."""
    if user.has_usable_password() or User.objects.external_accounts(user.pk).exists():
        return False
    return not any(row.pk != passkey.pk and row.wrap().is_passwordless for row in _rows(user))


@transaction.atomic
def _answered(user: User, ceremony: Ceremony, answer: Any, *, alone: bool, now: datetime) -> Proof:
    if ceremony.user != ("" if alone else _handle(user)):
        raise PasskeyRefused("another ceremony's")
    rows = _rows(user, locked=True)
    assertion = answers.asserted(ceremony, _bounded(answer), _known(rows), now=now)
    if alone and not assertion.user_verified:
        raise PasskeyRefused("user verification")
    row = next(row for row in rows if _credential(row).credential_id == assertion.credential_id)
    _check_kind(row, assertion)
    _move_counter(row, assertion)
    return Proof(row, assertion.user_verified)


def _check_kind(row: Any, assertion: Assertion) -> None:
    """Whether a key can be backed up never changes (section 7.2)."""
    if row.wrap().authenticator_data.is_backup_eligible() != assertion.backup_eligible:
        raise PasskeyRefused("flags")


def _move_counter(row: Any, assertion: Assertion) -> None:
    """Refuse a counter that does not go on: somebody has a copy of the key (section 6.1.1). Many keys do not count."""
    last = row.data.get("sign_count", row.wrap().authenticator_data.counter)
    if assertion.counter == last == 0:
        return
    if assertion.counter <= last:
        raise PasskeyRefused("counter")
    row.data["sign_count"] = assertion.counter
    row.save(update_fields=["data"])


def _handle(user: User) -> str:
    """Return the user handle (section 5.4.3): it says nothing of the person."""
    return user.pk.hex


def _rows(user: User, *, locked: bool = False) -> list[Any]:
    rows = User.objects.passkeys(user.pk).select_related("user")
    return list(rows.select_for_update(of=("self",)) if locked else rows)


def _credential(row: Any) -> AttestedCredentialData:
    credential: AttestedCredentialData = row.wrap().authenticator_data.credential_data
    return credential


def _known(rows: Sequence[Any]) -> list[AttestedCredentialData]:
    return [_credential(row) for row in rows]


def _descriptors(rows: Sequence[Any]) -> list[PublicKeyCredentialDescriptor]:
    return [descriptor(_credential(row), row.data["credential"]) for row in rows]


def _bounded(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict) or len(json.dumps(answer)) > LONGEST_PASSKEY_ANSWER:
        raise PasskeyRefused("malformed")
    return answer

"""Rotation by dates: the next key is published, signs an hour later, and the last one stays as long as it is needed."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from trust.audit.record import record
from trust.keys import jwk
from trust.keys.conf import (
    PUBLISH_AFTER_SIGNING,
    PUBLISH_BEFORE_SIGNING,
    ROTATE_BEFORE_END,
    SIGNING_PERIOD,
    VERIFY_REFRESH_AFTER_SIGNING,
)
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import ring
from trust.lib.locks import hold_until_commit
from trust.lib.origin import Origin


@transaction.atomic
def ensure_keys(*, now: datetime) -> list[SigningKey]:
    """Make a key for each algorithm that has none that signs or will; return those made. Used at start-up."""
    hold_until_commit("keys.rotation")
    return _make({a: now for a in Algorithm if not _present(a, now)}, now=now)


@transaction.atomic
def rotate(*, now: datetime, immediately: bool = False) -> list[SigningKey]:
    """Make the next key of each algorithm and end the present one's signing when it begins; return those made.

    The next key signs after PUBLISH_BEFORE_SIGNING, or at once if `immediately` (after a leak). Two rotations at
    the same time make one set of keys: an algorithm whose next key waits already is left alone.
    """
    hold_until_commit("keys.rotation")
    due = {a: now if immediately else _beginning(a, now) for a in Algorithm if immediately or not _next_waits(a, now)}
    for algorithm, signs_from in due.items():
        for key in SigningKey.objects.of(algorithm).not_retired(now):
            _retire(key, at=max(signs_from, key.signs_from))
    return _make(due, now=now)


@transaction.atomic
def replace_all(*, now: datetime) -> list[SigningKey]:
    """After a leak: make new keys that sign at once, and delete all others, so that what they signed is refused.

    Everybody signs in again. Other processes know it when they read the ring anew: within RELOAD_SECONDS.
    """
    made = rotate(now=now, immediately=True)
    _delete(SigningKey.objects.others_than(made))
    return made


@transaction.atomic
def rotate_by_hand(
    *,
    now: datetime,
    immediately: bool = False,
    distrust: bool = False,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> list[SigningKey]:
    """Rotate because somebody wants it, which the trail says; with `distrust` the old keys are deleted."""
    made = replace_all(now=now) if distrust else rotate(now=now, immediately=immediately)
    details = {"immediately": immediately or distrust, "distrusted": distrust, "made": len(made)}
    record("signing_keys.rotated", actor=actor, origin=origin, details=details)
    return made


@transaction.atomic
def rotate_due(*, now: datetime) -> list[SigningKey]:
    """Rotate if a signing key's period is about to end: the daily housekeeping's part."""
    soon = now + ROTATE_BEFORE_END
    due = any(not SigningKey.objects.of(a).not_retired(soon).exists() for a in Algorithm)
    return rotate(now=now) if due else []


@transaction.atomic
def delete_expired(*, now: datetime) -> int:
    """Delete the keys that nothing can need any more, private parts and all; return how many there were."""
    return _delete(SigningKey.objects.expired(now))


def _delete(keys: Iterable[SigningKey]) -> int:
    deleting = list(keys)
    for key in deleting:
        record("signing_key.deleted", details={"kid": key.kid, "alg": key.algorithm})
        key.delete()
    transaction.on_commit(ring.forget)
    return len(deleting)


def _present(algorithm: Algorithm, now: datetime) -> bool:
    return SigningKey.objects.of(algorithm).not_retired(now).exists()


def _next_waits(algorithm: Algorithm, now: datetime) -> bool:
    newest = SigningKey.objects.of(algorithm).first()
    return newest is not None and newest.signs_from > now


def _beginning(algorithm: Algorithm, now: datetime) -> datetime:
    """Return when the next key signs: after its time in the set, but never later than the present one ends."""
    present = SigningKey.objects.of(algorithm).not_retired(now)
    return min(now + PUBLISH_BEFORE_SIGNING, max((key.signs_until for key in present), default=now))


def _retire(key: SigningKey, *, at: datetime) -> None:
    key.signs_until = min(key.signs_until, at)
    key.published_until = key.signs_until + _kept_after(key.algorithm)
    key.save(update_fields=["signs_until", "published_until"])


def _make(beginnings: dict[Algorithm, datetime], *, now: datetime) -> list[SigningKey]:
    made = [_new(algorithm, now=now, signs_from=signs_from) for algorithm, signs_from in beginnings.items()]
    for key in made:
        record("signing_key.created", details={"kid": key.kid, "alg": key.algorithm})
    transaction.on_commit(ring.forget)
    return made


def _new(algorithm: Algorithm, *, now: datetime, signs_from: datetime) -> SigningKey:
    signs_until = signs_from + SIGNING_PERIOD
    return SigningKey.objects.create(
        kid=secrets.token_urlsafe(12),
        algorithm=algorithm,
        sealed_private=jwk.seal_private(jwk.generate(algorithm)),
        published_from=now,
        signs_from=signs_from,
        signs_until=signs_until,
        published_until=signs_until + _kept_after(algorithm),
    )


def _kept_after(algorithm: str) -> timedelta:
    return VERIFY_REFRESH_AFTER_SIGNING if algorithm == Algorithm.HS256 else PUBLISH_AFTER_SIGNING

"""Receivers: made, changed, switched on and off, deleted by staff; each with an audit row, and no secret in it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from trust.audit.record import record
from trust.events import following, jobs
from trust.events.conf import DELETED_AT_ONCE, OLD_SECRET_SIGNS, SWITCH_OFF_AFTER
from trust.events.models import Delivery, Receiver
from trust.events.receiver_secrets import new_secret, seal_authorization, seal_secret
from trust.lib.clock import DatabaseNow
from trust.lib.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does it, if a person does, and from where."""

    actor: uuid.UUID | None = None
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What staff say of a receiver. `authorization` is None where it stays as it is."""

    name: str
    url: str
    events: Collection[str]
    audience: str = ""
    authorization: str | None = None


@transaction.atomic
def create(*, format: str, settings: Settings, now: datetime, by: By) -> tuple[Receiver, str]:  # noqa: A002 - the field's name
    """Make a receiver and switch it on; return it and the secret that signs its JSON, which is not shown again."""
    secret = new_secret() if format == Receiver.Format.JSON else ""
    receiver = Receiver(format=format, is_active=False, active_since=now)
    receiver.sealed_secret = seal_secret(secret) if secret else ""
    _take(receiver, settings)
    receiver.save(force_insert=True)
    _record("receiver.created", receiver, by, {"format": format, "events": sorted(settings.events)})
    switch_on(receiver, by=by)
    return receiver, secret


@transaction.atomic
def change(receiver: Receiver, *, settings: Settings, by: By) -> None:
    """Change a receiver; what waits for it goes where it is now. It is tried at once: it may be mended."""
    changed = _take(receiver, settings)
    receiver.rest_until = None
    receiver.save(update_fields=[*changed, "rest_until", "updated"])
    _record("receiver.changed", receiver, by, {"fields": sorted(changed)})


@transaction.atomic
def switch_on(receiver: Receiver, *, by: By) -> bool:
    """Tell a receiver of what happens from now on, and of what still waits; False if it is on.

    Now is by the database's clock, as the times of events are.
    """
    if not Receiver.objects.active().but_for(receiver.pk).exists():
        following.skip_to_the_end()
    values = {
        "is_active": True,
        "active_since": DatabaseNow(),
        "failures": 0,
        "failing_since": None,
        "rest_until": None,
    }
    if not Receiver.objects.by_pk(receiver.pk).inactive().update(**values):
        return False
    jobs.ensure_watching()
    _record("receiver.switched_on", receiver, by)
    return True


@transaction.atomic
def switch_off(receiver: Receiver, *, by: By, reason: str = "") -> bool:
    """Tell a receiver nothing more; False if it is off. What happens meanwhile it is never told."""
    if not Receiver.objects.by_pk(receiver.pk).active().update(is_active=False, turn_until=None):
        return False
    _record("receiver.switched_off", receiver, by, {"reason": reason} if reason else {})
    return True


@transaction.atomic
def rotate_secret(receiver: Receiver, *, now: datetime, by: By) -> str:
    """Make a new secret and return it; the old one signs beside it for a week, unless it is ended before."""
    secret = new_secret()
    receiver.sealed_old_secret, receiver.sealed_secret = receiver.sealed_secret, seal_secret(secret)
    receiver.old_secret_until = now + OLD_SECRET_SIGNS
    receiver.save(update_fields=["sealed_secret", "sealed_old_secret", "old_secret_until"])
    _record("receiver.secret_rotated", receiver, by)
    return secret


@transaction.atomic
def end_old_secret(receiver: Receiver, *, by: By) -> bool:
    """Let the old secret sign no more; False if there is none."""
    with_old = Receiver.objects.by_pk(receiver.pk).with_old_secret()
    if not with_old.update(sealed_old_secret="", old_secret_until=None):
        return False
    _record("receiver.old_secret_ended", receiver, by)
    return True


@transaction.atomic
def delete(receiver: Receiver, *, by: By) -> None:
    """Delete a receiver and what was to be delivered to it; where that is much, the worker does it in batches."""
    _record("receiver.deleted", receiver, by)
    if Delivery.objects.to(receiver.pk).are_many(DELETED_AT_ONCE):
        Receiver.objects.by_pk(receiver.pk).update(is_active=False, turn_until=None)
        jobs.delete_receiver.enqueue(str(receiver.pk))
    else:
        receiver.delete()


def switch_off_what_never_answers(*, now: datetime) -> int:
    """Switch off the receivers that have failed for a week; return how many."""
    failing = Receiver.objects.active().failing_since(now - SWITCH_OFF_AFTER)
    return sum(switch_off(receiver, by=By(), reason="failing") for receiver in failing)


def end_old_secrets(*, now: datetime) -> int:
    """Delete the old secrets whose time is over; return how many."""
    return Receiver.objects.old_secret_over(now).update(sealed_old_secret="", old_secret_until=None)


def _take(receiver: Receiver, settings: Settings) -> list[str]:
    """Put what staff say into a receiver, and return the names of the fields."""
    receiver.name, receiver.url, receiver.audience = settings.name, settings.url, settings.audience
    receiver.events = " ".join(sorted(settings.events))
    fields = ["name", "url", "audience", "events"]
    if settings.authorization is None:
        return fields
    receiver.sealed_authorization = seal_authorization(settings.authorization)
    return [*fields, "sealed_authorization"]


def _record(action: str, receiver: Receiver, by: By, details: dict[str, object] | None = None) -> None:
    named = {"receiver": str(receiver.pk), "name": receiver.name, **(details or {})}
    record(action, actor=by.actor, origin=by.origin, details=named)

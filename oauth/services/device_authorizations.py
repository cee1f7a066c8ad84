"""Device authorizations (RFC 8628): begun by a device, found by the code that its person types, decided once."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from django.db import IntegrityError, transaction

from oauth.authorization_detail import each_of
from oauth.conf import DEVICE_CODE_LIFETIME, DEVICE_POLLING_SECONDS
from oauth.models import DeviceAuthorization
from oauth.registered_client import RegisteredClient
from oauth.services import clients, consents, user_codes
from oauth.services.clients import ClientChanged
from oauth.services.digests import new_value
from trust.audit.record import record
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.origin import Origin

_ATTEMPTS: Final = 3  # that a new user code is not one that waits already: there are 20^8


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """What a device asks for, checked; `dpop_jkt` is the key that its tokens shall be bound to, if to any."""

    client_pk: int
    scope: tuple[str, ...]
    resources: tuple[str, ...] = ()
    authorization_details: str = ""
    dpop_jkt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunDevice:
    """The two codes: one for the device, one for its person, as it is shown."""

    device_code: str
    user_code: str

    def __repr__(self) -> str:
        """Hide the codes."""
        return "BegunDevice()"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDevice:
    """A device that waits for its person, and where and what it is, as far as one can tell."""

    pk: int
    client: RegisteredClient
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    authorization_details: str
    asked_at: datetime
    client_address: str
    user_agent: str

    @classmethod
    def of(cls, row: DeviceAuthorization | None) -> Self | None:
        """Return it as a row has it."""
        if row is None:
            return None
        return cls(
            pk=row.pk,
            client=clients.registered(row.application),
            scope=tuple(row.scope.split()),
            resources=tuple(row.resource),
            authorization_details=row.authorization_details,
            asked_at=row.created,
            client_address=row.client_address,
            user_agent=row.user_agent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided of a device, at which sign-in, and what was allowed of what it asked for."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    scope: tuple[str, ...] = ()
    consented: tuple[str, ...] = ()  # as a consent names it: the scopes, and the client's own claims
    declined: tuple[str, ...] = ()  # of what was asked
    authorization_details: str = ""
    acr: str = ""
    act: str = ""


def begin(request: DeviceRequest, *, origin: Origin) -> BegunDevice:
    """Let a device wait for its person; only digests of its codes are kept. Raises ClientChanged: it is no more."""
    for _ in range(_ATTEMPTS):
        with suppress(IntegrityError):
            return _begun(request, origin)
    raise ClientChanged


@transaction.atomic
def _begun(request: DeviceRequest, origin: Origin) -> BegunDevice:
    begun = BegunDevice(device_code=new_value(), user_code=user_codes.new_user_code())
    DeviceAuthorization.objects.create(
        device_code=digest_of(begun.device_code),
        user_code=user_codes.digest_of(begun.user_code),
        application_id=request.client_pk,
        scope=" ".join(request.scope),
        resource=list(request.resources),
        authorization_details=request.authorization_details,
        dpop_jkt=request.dpop_jkt,
        client_address=origin.client_address,
        user_agent=origin.user_agent,
        interval=DEVICE_POLLING_SECONDS,
        expires=DatabaseNow(DEVICE_CODE_LIFETIME),
    )
    return begun


def find(user_code: str) -> WaitingDevice | None:
    """Return the device that shows this code and waits, or None."""
    if not user_codes.is_whole(user_codes.letters_of(user_code)):
        return None
    rows = DeviceAuthorization.objects.by_user_code(user_codes.digest_of(user_code))
    return WaitingDevice.of(rows.undecided().select_related("application").first())


def waiting(pk: int) -> WaitingDevice | None:
    """Return the device of this row, if it still waits, or None."""
    rows = DeviceAuthorization.objects.by_pk(pk).undecided()
    return WaitingDevice.of(rows.select_related("application").first())


@transaction.atomic
def approve(device: WaitingDevice, decision: Decision, *, origin: Origin) -> bool:
    """Let the device have what was allowed; False if it waits no more, or somebody else decided first."""
    approved = DeviceAuthorization.objects.by_pk(device.pk).decide(
        approved_at=DatabaseNow(),
        user_id=decision.user_id,
        session_id=decision.session_id,
        scope=" ".join(decision.scope),
        authorization_details=decision.authorization_details,
        acr=decision.acr,
        act=decision.act,
    )
    if approved:
        consents.give(
            user_id=decision.user_id,
            client_pk=device.client.pk,
            client_id=device.client.client_id,
            scope=decision.consented,
            declined=decision.declined,
            details=tuple(each_of(decision.authorization_details)),
            origin=origin,
        )
        _record("device_authorization.approved", device, decision, origin)
    return approved


@transaction.atomic
def deny(device: WaitingDevice, decision: Decision, *, origin: Origin) -> bool:
    """Refuse the device; False if it waits no more, or somebody else decided first."""
    denied = DeviceAuthorization.objects.by_pk(device.pk).decide(denied_at=DatabaseNow(), user_id=decision.user_id)
    if denied:
        _record("device_authorization.denied", device, decision, origin)
    return denied


def _record(action: str, device: WaitingDevice, decision: Decision, origin: Origin) -> None:
    record(
        action,
        subject=decision.user_id,
        session=decision.session_id,
        client_id=device.client.client_id,
        origin=origin,
        details={"scope": " ".join(decision.scope or device.scope)},
    )

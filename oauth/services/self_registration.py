"""Clients that registered themselves (RFC 7591), and what they do with their registration afterwards (RFC 7592)."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.services import client_review, clients, initial_access_tokens, registration
from oauth.services.clients import metadata_of
from oauth.services.digests import new_value
from trust.lib import clock
from trust.lib.busy import Busy
from trust.lib.digests import digest_of
from trust.lib.origin import Origin


class NotPermitted(Exception):
    """The token is not good, or not any more; or its client is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A client by its registration. `secret` is empty unless it was just made; only digests are kept of both."""

    pk: int
    client_id: str
    issued_at: datetime
    metadata: ClientMetadata
    registration_token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    secret_digests: tuple[str, ...] = field(default=(), repr=False)


@transaction.atomic
def register(*, metadata: ClientMetadata, initial_access_token: str | None, origin: Origin) -> Registration:
    """Make a client, checked before; an initial access token is used once for it. Raises NotPermitted."""
    if initial_access_token is not None and not initial_access_tokens.use(initial_access_token):
        raise NotPermitted
    token = new_value()
    row, secret = registration.register(metadata=metadata, registration_token=token, origin=origin)
    return Registration(
        pk=row.pk,
        client_id=row.client_id,
        issued_at=row.created,
        metadata=metadata,
        registration_token=token,
        secret=secret,
    )


def find(client_id: str, registration_token: str) -> Registration:
    """Return the registration of an active client by its token. Raises NotPermitted, the same for whatever reason."""
    row = Client.objects.by_client_id(client_id).active().first()
    kept = row.registration_token_digest if row else ""
    is_right = hmac.compare_digest(digest_of(registration_token), kept or digest_of(""))
    if row is None or not is_right or not _registered_itself(row):
        raise NotPermitted
    return Registration(
        pk=row.pk,
        client_id=row.client_id,
        issued_at=row.created,
        metadata=metadata_of(row),
        registration_token=registration_token,
        secret_digests=clients.registered(row).secret_digests(clock.now()),
    )


@transaction.atomic
def change(found: Registration, *, metadata: ClientMetadata, origin: Origin) -> bool:
    """Make a client what `metadata` says, checked before; False if it is so already.

    Raises NotPermitted where the client is gone meanwhile, Busy where somebody else changed it: what was checked
    rests on what an administrator decided then.
    """
    if metadata_of(_locked(found)) != found.metadata:
        raise Busy(retry_after=1)
    return registration.change(client_pk=found.pk, metadata=metadata, origin=origin)


@transaction.atomic
def deregister(found: Registration, *, origin: Origin) -> None:
    """Delete a client with all that it was given. Raises NotPermitted where it is gone already."""
    registration.delete(client_pk=_locked(found).pk, origin=origin)


def _locked(found: Registration) -> Client:
    row = Client.objects.by_pk(found.pk).active().held().first()
    if row is None:
        raise NotPermitted
    return row


def _registered_itself(row: Client) -> bool:
    return bool(row.registration_token_digest) and client_review.registered_itself(row)

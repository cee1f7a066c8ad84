"""Clients, found for the rules and described. oauth/services/registration.py makes and changes them."""

import uuid
from datetime import datetime
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction

from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.registered_client import RegisteredClient
from oauth.services import client_row, origins
from trust.lib import clock
from trust.lib.busy import Busy
from trust.lib.remembered import Remembered


class ClientChanged(Busy):
    """The client is not any more what this process knew it as. It was forgotten: the request is answered anew.

    Who changes faster than that is told to come again.
    """

    def __init__(self) -> None:
        """Say in a second."""
        super().__init__(retry_after=1)


def find(client_id: str) -> RegisteredClient | None:
    """Return the active client of this `client_id` as it is now, or None."""
    known_at = clock.now()
    row = Client.objects.by_client_id(client_id).active().first() if client_id else None
    return None if row is None or not _is_welcome(row) else registered(row, known_at=known_at)


# What the machine endpoints ask, whose statements check the version: clients that this process looked up a moment ago.
memory: Final = Remembered(find)


def find_known(client_id: str) -> RegisteredClient | None:
    """Return the active client of this `client_id` as this process knows it, at most a second old, or None."""
    return memory.get(client_id)


def has_changed(client: RegisteredClient) -> bool:
    """Tell whether a client is not any more what it is known as; it is then forgotten, to be looked up anew."""
    now = find(client.client_id)
    if now is not None and now.version == client.version:
        return False
    memory.forget(client.client_id)
    return True


def was_out_of_date(client_id: str, *, since: datetime) -> bool:
    """Tell whether a client that was looked up before `since` is not any more what it is known as; it is forgotten.

    One statement where the client is remembered, none where it was looked up since: so to refuse a client costs as
    much whether it is remembered, known or unknown.
    """
    known = memory.peek(client_id)
    return known is not None and known.known_at < since and has_changed(known)


def forget_at_commit(client_id: str) -> None:
    """Let this process look a client and its origins up anew as soon as what is changed about it holds."""
    transaction.on_commit(partial(memory.forget, client_id))
    transaction.on_commit(origins.memory.forget)


def admits(*, client_pk: int, user_id: uuid.UUID) -> bool:
    """Tell whether a person may sign in to a client."""
    return Client.objects.by_pk(client_pk).admitting(user_id).exists()


def all_admit(client_ids: set[str], *, user_id: uuid.UUID) -> bool:
    """Tell whether a person may sign in to each of these clients."""
    admitting = Client.objects.by_client_ids(client_ids).admitting(user_id)
    return set(admitting.values_list("client_id", flat=True)) == client_ids


def registered(row: Client, *, known_at: datetime | None = None) -> RegisteredClient:
    """Return a client as the rules see it; the row was read at `known_at`, or just now."""
    return RegisteredClient(
        pk=row.pk,
        client_id=row.client_id,
        secret_digest=row.client_secret,
        previous_secret_digest=row.previous_secret,
        previous_secret_until=row.previous_secret_until,
        version=row.updated,
        known_at=known_at or clock.now(),
        registration_source=row.registration_source,
        published_until=row.cimd_expires_at,
        **client_row.read(row),
    )


def _is_welcome(row: Client) -> bool:
    """Tell whether clients of this origin are let in at all."""
    return settings.AGENT_CLIENTS or row.registration_source != Client.RegistrationSource.CIMD


def known(client_id: str) -> Client | None:
    """Return the row of a client, disabled or not, or None."""
    return Client.objects.by_client_id(client_id).first()


def metadata_of(row: Client) -> ClientMetadata:
    """Return what a client is registered as."""
    groups, roles = (tuple(sorted(group.name for group in named.all())) for named in (row.groups, row.roles))
    return ClientMetadata(groups=groups, roles=roles, **client_row.read(row))

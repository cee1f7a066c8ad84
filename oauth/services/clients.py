"""Clients, found for the rules and described. oauth/services/registration.py makes and changes them."""

import uuid

from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.registered_client import RegisteredClient
from oauth.services import client_row


def find(client_id: str) -> RegisteredClient | None:
    """Return the active client of this `client_id`, or None."""
    row = Client.objects.by_client_id(client_id).active().first() if client_id else None
    return None if row is None else registered(row)


def admits(*, client_pk: int, user_id: uuid.UUID) -> bool:
    """Tell whether a person may sign in to a client."""
    return Client.objects.by_pk(client_pk).admitting(user_id).exists()


def registered(row: Client) -> RegisteredClient:
    """Return a client as the rules see it."""
    return RegisteredClient(pk=row.pk, client_id=row.client_id, secret_digest=row.client_secret, **client_row.read(row))


def known(client_id: str) -> Client | None:
    """Return the row of a client, disabled or not, or None."""
    return Client.objects.by_client_id(client_id).first()


def metadata_of(row: Client) -> ClientMetadata:
    """Return what a client is registered as."""
    groups = tuple(sorted(group.name for group in row.groups.all()))
    return ClientMetadata(groups=groups, **client_row.read(row))

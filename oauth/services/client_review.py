"""What staff do with clients beyond changing them: review those that came by themselves, preview what all are told."""

import uuid

from django.db import transaction

from oauth.models import Client
from oauth.services import clients
from trust.audit.record import record
from trust.lib.origin import Origin


def registered_itself(row: Client) -> bool:
    """Tell whether a client came by itself, by dynamic registration (RFC 7591) or by a document of its own."""
    return bool(row.registration_source != Client.RegistrationSource.MANUAL)


def describes_itself(row: Client) -> bool:
    """Tell whether a client's metadata is what stands at the address that is its client_id: it is changed there."""
    return bool(row.registration_source == Client.RegistrationSource.CIMD)


def may_be_reviewed(row: Client) -> bool:
    """Tell whether it is of use to say that somebody looked at a client: no stranger made the others."""
    return registered_itself(row) or not row.reviewed


@transaction.atomic
def mark_reviewed(*, client_pk: int, actor: uuid.UUID, origin: Origin) -> bool:
    """Note that somebody looked at a client: people are warned no longer. False if it was reviewed before."""
    row = Client.objects.by_pk(client_pk).held().get()
    if row.reviewed:
        return False
    row.reviewed = True
    row.save(update_fields=["reviewed", "updated"])
    clients.forget_at_commit(row.client_id)
    record("client.reviewed", actor=actor, client_id=row.client_id, origin=origin)
    return True


def note_preview(
    *, client_id: str, user_id: uuid.UUID, scope: tuple[str, ...], actor: uuid.UUID, origin: Origin
) -> None:
    """Leave a trace of who looked at what a client is told of a person."""
    details = {"scope": " ".join(scope)}
    record("client.previewed", subject=user_id, actor=actor, client_id=client_id, origin=origin, details=details)

"""Clients that publish what they are at the address that is their client_id: their rows, made and made anew.

A row is no more than a copy of the document, with what staff decided: that the client is reviewed, or shut out. It is
made when somebody is about to sign in to the client, and gone a day later where nobody ever did. What changes, changes
as any registration does (Client ID metadata documents section 6.3).
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from oauth.client_metadata import ClientMetadata
from oauth.conf import MOST_UNUSED_PUBLISHED_CLIENTS
from oauth.models import Client
from oauth.services import clients, registration
from trust.lib import clock
from trust.lib.origin import Origin

_AT_ONCE: Final = 100  # rows that one newcomer makes room by


def is_shut_out(client_id: str) -> bool:
    """Tell whether a client_id is that of a client that is disabled: whatever is published there changes nothing."""
    row = clients.known(client_id)
    return row is not None and not row.is_active


def metadata(client_id: str) -> ClientMetadata | None:
    """Return what a published client is registered as, or None where nothing is known of it."""
    row = clients.known(client_id)
    return None if row is None else clients.metadata_of(row)


def put(
    *, client_id: str, metadata: ClientMetadata, before: ClientMetadata | None, seconds: int, origin: Origin
) -> None:
    """Make a client what its document says, checked on what stood `before`: good for so many seconds.

    Where somebody else was first, theirs stands: it is of the same document, or decided by staff.
    """
    until = clock.now() + timedelta(seconds=seconds)
    if before is not None:
        _renew(client_id, metadata, before, until, origin)
        return
    try:
        with transaction.atomic():
            registration.register(metadata=metadata, client_id=client_id, published_until=until, origin=origin)
    except IntegrityError:
        return
    _make_room()


@transaction.atomic
def _renew(client_id: str, metadata: ClientMetadata, before: ClientMetadata, until: datetime, origin: Origin) -> None:
    row = Client.objects.by_client_id(client_id).published().active().held().first()
    if row is None or clients.metadata_of(row) != before:
        return
    registration.change(client_pk=row.pk, metadata=metadata, origin=origin)
    Client.objects.by_pk(row.pk).good_until(until)
    clients.forget_at_commit(client_id)


def _make_room() -> None:
    """Delete the oldest that nobody ever used, where there are too many: they come back when they are named."""
    newest_first = Client.objects.published_and_unused().order_by("-created")
    beyond = newest_first[MOST_UNUSED_PUBLISHED_CLIENTS : MOST_UNUSED_PUBLISHED_CLIENTS + _AT_ONCE]
    if pks := list(beyond.values_list("pk", flat=True)):
        Client.objects.by_pks(pks).delete()

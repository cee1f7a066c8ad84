"""Writing an entry, in the same transaction as what it revokes; known to this process at its commit."""

from functools import partial

from django.db import transaction

from trust.lib.clock import DatabaseNow
from trust.revocation.conf import ENTRY_LIFETIME
from trust.revocation.feed import feed
from trust.revocation.models import Kind, Revocation


def revoke(kind: Kind, key: str) -> None:
    """Revoke every access token that `kind` and `key` name; of a client and a person, what was issued up to now."""
    entry = Revocation.objects.create(
        kind=kind, key=key, revoked_at=DatabaseNow(), expires_at=DatabaseNow(ENTRY_LIFETIME)
    )
    entry.refresh_from_db(fields=["revoked_at"])
    transaction.on_commit(partial(feed.apply, kind, key, entry.revoked_at))

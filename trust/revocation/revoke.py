"""Writing an entry, in the same transaction as what it revokes; known to this process at its commit."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from trust.lib.clock import DatabaseNow
from trust.revocation.conf import ENTRY_LIFETIME
from trust.revocation.feed import feed
from trust.revocation.models import Kind, Revocation


def revoke(kind: Kind, key: str, *, lifetime: timedelta = ENTRY_LIFETIME) -> None:
    """Revoke every access token that `kind` and `key` name and that was issued up to now."""
    entry = Revocation.objects.create(kind=kind, key=key, revoked_at=DatabaseNow(), expires_at=DatabaseNow(lifetime))
    entry.refresh_from_db(fields=["revoked_at"])
    transaction.on_commit(partial(feed.apply, kind, key, entry.revoked_at))

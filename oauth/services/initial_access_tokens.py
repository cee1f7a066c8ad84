"""Initial access tokens (RFC 7591 section 1.2): for whom an administrator trusts; one use, one client."""

import uuid
from datetime import timedelta

from django.db import transaction

from oauth.models import InitialAccessToken
from oauth.services.digests import new_value
from trust.audit.record import record
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.lib.origin import Origin


@transaction.atomic
def issue(*, uses: int, lifetime: timedelta | None) -> tuple[InitialAccessToken, str]:
    """Make a token for so many clients, and return its row and its value, which is not kept."""
    value = new_value()
    expires = None if lifetime is None else clock.now() + lifetime
    row = InitialAccessToken.objects.create(digest=digest_of(value), uses_left=uses, expires=expires)
    details = {"token": row.pk, "uses": uses, "lifetime": None if lifetime is None else int(lifetime.total_seconds())}
    record("initial_access_token.created", details=details)
    return row, value


def is_usable(value: str) -> bool:
    """Tell whether a token is good for another client."""
    return InitialAccessToken.objects.by_digest(digest_of(value)).usable().exists()


def use(value: str) -> bool:
    """Use a token once, in the transaction of the caller; False if it is not good."""
    return InitialAccessToken.objects.by_digest(digest_of(value)).use()


@transaction.atomic
def revoke(*, pk: int, actor: uuid.UUID, origin: Origin) -> bool:
    """Take a token back; False if it is gone already."""
    deleted, _of_each = InitialAccessToken.objects.by_pk(pk).delete()
    if deleted:
        record("initial_access_token.revoked", actor=actor, origin=origin, details={"token": pk})
    return bool(deleted)

"""Client secrets: made anew, with the one before good beside it for a while, so that nothing stops meanwhile.

Two are good at most. When the second one's time is over it is refused, whether or not it was forgotten already.
"""

import re
import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction

from oauth.conf import PREVIOUS_SECRET_LONGEST
from oauth.models import Client
from oauth.services import registration
from oauth.services.clients import metadata_of
from oauth.services.digests import new_value, secret_digest_of, secret_is_right
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin

_NOT_KEPT: Final = timedelta(0)
_DIGEST: Final = re.compile(r"sha256\$[0-9a-f]{32}\$[0-9a-f]{64}")


class NoDigest(ValueError):
    """What is given is no digest of a client secret as they are kept here."""


@transaction.atomic
def rotate(
    *,
    client_pk: int,
    secret: str = "",
    keep: timedelta = _NOT_KEPT,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> str:
    """Give a client that has a secret a new one, or the given one, and return it.

    The old one stays good for `keep`; one from before that is good no longer. Raises ValueError for a client without
    a secret, and where it would stay too long.
    """
    row = registration.locked(client_pk)
    if not metadata_of(row).has_secret:
        raise ValueError("this client has no secret")
    if not _NOT_KEPT <= keep <= PREVIOUS_SECRET_LONGEST:
        raise ValueError("a secret does not stay that long")
    secret = secret or new_value()
    if not secret_is_right(row.client_secret, secret):
        _replace(row, secret, keep)
        until = row.previous_secret_until
        details = {"previous_until": until.isoformat() if until else None}
        record("client.secret_rotated", actor=actor, client_id=row.client_id, origin=origin, details=details)
    return secret


@transaction.atomic
def end_previous(*, client_pk: int, actor: uuid.UUID | None = None, origin: Origin = Origin()) -> bool:
    """Refuse the secret before at once; False if there is none."""
    row = registration.locked(client_pk)
    if not row.previous_secret:
        return False
    row.previous_secret, row.previous_secret_until = "", None
    row.save(update_fields=["previous_secret", "previous_secret_until", "updated"])
    record("client.previous_secret_ended", actor=actor, client_id=row.client_id, origin=origin)
    return True


@transaction.atomic
def adopt(*, client_pk: int, digest: str) -> None:
    """Give a client the secret whose digest was exported elsewhere; nobody here knows it. Raises NoDigest."""
    check_digest(digest)
    row = registration.locked(client_pk)
    if row.client_secret != digest:
        row.client_secret, row.previous_secret, row.previous_secret_until = digest, "", None
        row.save(update_fields=["client_secret", "previous_secret", "previous_secret_until", "updated"])
        record("client.secret_rotated", client_id=row.client_id, details={"previous_until": None})


def check_digest(digest: object) -> None:
    """Refuse what is given as the digest of a secret and cannot be one; None is nothing. Raises NoDigest."""
    if digest is not None and not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise NoDigest


def _replace(row: Client, secret: str, keep: timedelta) -> None:
    row.previous_secret = row.client_secret if keep else ""
    row.previous_secret_until = clock.now() + keep if keep else None
    row.client_secret = secret_digest_of(secret)
    row.save(update_fields=["client_secret", "previous_secret", "previous_secret_until", "updated"])

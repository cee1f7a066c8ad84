"""Secrets of receivers: what signs the JSON that they are sent, and what we show them of ourselves. Sealed at rest."""

import base64
import secrets
from datetime import datetime
from typing import Final

from trust.events.conf import SECRET_BYTES
from trust.events.models import Receiver
from trust.events.standard_webhooks import SECRET_PREFIX
from trust.lib.sealing import seal, unseal

_SECRET: Final = "event-secret"
_AUTHORIZATION: Final = "event-authorization"


def new_secret() -> str:
    """Return a new secret in the form that the libraries of Standard Webhooks take."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def seal_secret(secret: str) -> str:
    """Seal a signing secret."""
    return seal(secret.encode(), purpose=_SECRET)


def seal_authorization(value: str) -> str:
    """Seal the value of an Authorization header; nothing stays nothing."""
    return seal(value.encode(), purpose=_AUTHORIZATION) if value else ""


def live_secrets(receiver: Receiver, *, now: datetime) -> list[str]:
    """Return what signs now: the secret and, while it is being rotated, the old one. Raises SealBroken."""
    sealed = [receiver.sealed_secret]
    if receiver.old_secret_until is not None and now < receiver.old_secret_until:
        sealed.append(receiver.sealed_old_secret)
    return [unseal(each, purpose=_SECRET).decode() for each in sealed if each]


def authorization_of(receiver: Receiver) -> str:
    """Return the value of the Authorization header, or nothing. Raises SealBroken."""
    sealed = receiver.sealed_authorization
    return unseal(sealed, purpose=_AUTHORIZATION).decode() if sealed else ""

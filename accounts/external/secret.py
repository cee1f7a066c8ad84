"""Our secret with a provider: as it is from the environment, sealed in the table."""

from typing import Any, Final

from trust.lib.sealing import seal, unseal

LONGEST: Final = 79  # bytes: sealed, it still fits the library's column

_PURPOSE: Final = "provider-secret"


def sealed(secret: str) -> str:
    """Seal a secret for the table."""
    return seal(secret.encode(), purpose=_PURPOSE)


def of(app: Any) -> str:
    """Return the secret of a SocialApp, from wherever it is. Raises SealBroken."""
    return str(app.secret) if app.pk is None else unseal(app.secret, purpose=_PURPOSE).decode()

"""Origins whose scripts may call the endpoints: those of the clients' registered redirect URIs."""

from typing import Final
from urllib.parse import urlsplit

from oauth.models import Client
from trust.lib.remembered import Remembered

_LONGEST: Final = 300  # characters


def is_registered(origin: str) -> bool:
    """Tell whether an active client has a redirect URI at this origin (scheme, host and port, exactly).

    One that is registered is remembered for a second; others are looked for each time.
    """
    scheme, separator, rest = origin.partition("://")
    if not separator or scheme not in {"https", "http"} or not rest or len(origin) > _LONGEST or not origin.isascii():
        return False
    return memory.get(origin) is not None


def anyone(origin: str) -> bool:
    """Let every origin in: for public documents."""
    return True


def _registered(origin: str) -> str | None:
    """Return the origin if it is registered."""
    uris = " ".join(Client.objects.naming(origin).values_list("redirect_uris", flat=True)).split()
    return origin if any(_origin_of(uri) == origin for uri in uris) else None


def _origin_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


memory: Final = Remembered(_registered)

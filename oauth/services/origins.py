"""Origins whose scripts may call the endpoints: those of the clients' registered redirect URIs."""

from urllib.parse import urlsplit

from oauth.models import Client


def is_registered(origin: str) -> bool:
    """Tell whether an active client has a redirect URI at this origin (scheme, host and port, exactly)."""
    scheme, separator, rest = origin.partition("://")
    if not separator or scheme not in {"https", "http"} or not rest or len(origin) > 300 or not origin.isascii():
        return False
    uris = " ".join(Client.objects.naming(origin).values_list("redirect_uris", flat=True)).split()
    return any(_origin_of(uri) == origin for uri in uris)


def anyone(origin: str) -> bool:
    """Let every origin in: for public documents."""
    return True


def _origin_of(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"

"""Whether what goes to a server elsewhere is encrypted on its way."""

from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from trust.lib.addresses import is_loopback

# libpq encrypts by these without falling back; the last one alone also knows the server's name.
_ENCRYPTED: Final = frozenset({"require", "verify-ca", "verify-full"})


def is_here(host: str) -> bool:
    """Tell whether a host is this machine: a name of loopback, its address, or a socket of the file system."""
    host = host.strip("[]")
    return host in {"", "localhost"} or host.startswith("/") or is_loopback(host)


def is_plain_http(url: str) -> bool:
    """Tell whether a URL goes to another machine unencrypted."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_here(parts.hostname or "")


def is_plain_redis(url: str) -> bool:
    """Tell whether a cache elsewhere is spoken to in clear."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return parts.scheme == "redis" and not is_here(host)


def is_plain_database(database: dict[str, Any]) -> bool:
    """Tell whether a server elsewhere is spoken to in clear, or may talk us into it (libpq's `prefer`)."""
    hosts = str(database.get("HOST") or database.get("OPTIONS", {}).get("host", "")).split(",")
    mode = database.get("OPTIONS", {}).get("sslmode", "prefer")
    return not all(map(is_here, hosts)) and mode not in _ENCRYPTED


def is_plain_mail(transport: dict[str, Any]) -> bool:
    """Tell whether a mail server elsewhere is spoken to in clear: mails hold codes that sign people in."""
    encrypted = transport.get("EMAIL_USE_TLS") or transport.get("EMAIL_USE_SSL")
    by_smtp = transport["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    return by_smtp and not encrypted and not is_here(transport.get("EMAIL_HOST") or "")

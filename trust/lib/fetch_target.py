"""What an outbound fetch is aimed at: the URL taken apart strictly, and the errors of fetching."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

# Printable ASCII without space, quotes, backslash and the like: what is left needs no guessing (RFC 3986 section 2).
_URL: Final = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]{1,2048}")
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_LOWEST_OTHER_PORT: Final = 1024


class FetchFailed(Exception):
    """Nothing usable came back: no connection, no valid certificate, too slow, not HTTP. Later it may."""


class FetchRefused(FetchFailed):
    """Our own rules forbid the fetch or its answer. The message is for the log and names no address of ours."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go: `host` as it stands in the URL, without brackets; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_tls(self) -> bool:
        """Whether it is https."""
        return self.scheme == "https"


def parse_target(url: str) -> Target:
    """Take a URL apart. Raises FetchRefused for all but plain https (http too, where loopback is allowed).

    Port 443 and those from 1024 on are allowed: below stand the services of other protocols.
    """
    if not _URL.fullmatch(url):
        raise FetchRefused("characters or length of the URL")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as malformed:
        raise FetchRefused("malformed URL") from malformed
    _check(parts, host)
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if port != _DEFAULT_PORTS[parts.scheme] and port < _LOWEST_OTHER_PORT:
        raise FetchRefused("port")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _check(parts: SplitResult, host: str) -> None:
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.OUTBOUND_ALLOW_PRIVATE):
        raise FetchRefused("scheme")
    if "@" in parts.netloc:
        raise FetchRefused("user information in the URL")
    in_brackets = "[" in parts.netloc
    if not (_is_address(host) if in_brackets else _NAME.fullmatch(host)):
        raise FetchRefused("host")


def _is_address(host: str) -> bool:
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False

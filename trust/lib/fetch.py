"""Safe outbound fetch: what strangers name as a URL is asked for without harm to us (SSRF).

https alone; the name is resolved once, every answer must be a global unicast address, and the connection goes to
the address that was checked, so that a second answer of the name server changes nothing (DNS rebinding). No
redirects, no proxies, no credentials but what the caller names, no compression; the size, and the time from the
first step to the last, are bounded. OUTBOUND_ALLOW_PRIVATE lets test beds fetch from loopback, by http too.
"""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.utils.asyncio import async_unsafe

from trust.lib import turns
from trust.lib.fetch_connection import Connection, Network, SlowOrLarge
from trust.lib.fetch_target import FetchFailed, FetchRefused, parse_target

__all__ = ["FetchFailed", "FetchRefused", "Fetched", "Limits", "Network", "fetch", "post", "send"]

_HEADER_BYTES: Final = 16 * 1024
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take in seconds, connecting and in all, and how many bytes a body may have.

    Where only the status counts, the body is cut: no more of it is read, and none if it is compressed or breaks off.
    """

    connect: float = 2.0
    total: float = 5.0
    size: int = 64 * 1024
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: never a redirect. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@async_unsafe
def fetch(
    url: str,
    *,
    accept: str = "application/json",
    authorization: str = "",
    headers: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    network: Network = Network(),
) -> Fetched:
    """GET `url`. Raises FetchRefused where our rules forbid it, FetchFailed where it does not work."""
    named = {"Accept": accept, **_authorized(authorization), **(headers or {})}
    return _exchange("GET", url, named, None, limits, network)


@async_unsafe
def send(
    url: str,
    form: Mapping[str, str],
    *,
    authorization: str = "",
    limits: Limits = Limits(),
    network: Network = Network(),
) -> Fetched:
    """POST `form` to `url`, urlencoded. Raises FetchRefused or FetchFailed."""
    headers = {"Content-Type": _FORM, **_authorized(authorization)}
    return _exchange("POST", url, headers, urlencode(form).encode("ascii"), limits, network)


@async_unsafe
def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    limits: Limits = Limits(),
    network: Network = Network(),
) -> Fetched:
    """POST `body` to `url`; its media type is one of the headers. Raises FetchRefused or FetchFailed."""
    return _exchange("POST", url, dict(headers), body, limits, network)


def _authorized(authorization: str) -> dict[str, str]:
    return {"Authorization": authorization} if authorization else {}


@turns.given_away()
def _exchange(
    method: str, url: str, headers: dict[str, str], body: bytes | None, limits: Limits, network: Network
) -> Fetched:
    target = parse_target(url)
    deadline = time.monotonic() + limits.total
    connection = Connection(
        target, network, deadline=deadline, connect_timeout=limits.connect, budget=2 * limits.size + _HEADER_BYTES
    )
    try:
        connection.request(method, target.path, body, {"User-Agent": "authproject", "Connection": "close", **headers})
        return _read(connection.getresponse(), limits)
    except (OSError, http.client.HTTPException, SlowOrLarge) as failure:
        raise FetchFailed(f"{target.host}: {type(failure).__name__}") from failure
    finally:
        connection.hang_up()


def _read(response: http.client.HTTPResponse, limits: Limits) -> Fetched:
    headers = {name.lower(): value for name, value in response.getheaders()}
    if 300 <= response.status < 400:
        raise FetchRefused("a redirect is not followed")
    compressed = headers.get("content-encoding", "identity").lower() != "identity"
    if limits.cut:
        return Fetched(response.status, headers, b"" if compressed else _beginning(response, limits.size))
    if compressed:
        raise FetchRefused("a compressed answer is not read")
    body = response.read(limits.size + 1)
    if len(body) > limits.size:
        raise FetchRefused("the answer is too large")
    if response.length:
        raise FetchFailed("the answer ended early")
    return Fetched(response.status, headers, body)


def _beginning(response: http.client.HTTPResponse, size: int) -> bytes:
    try:
        return response.read(size)
    except (OSError, http.client.HTTPException, SlowOrLarge):
        return b""

"""The connection of an outbound fetch: resolved once, to a checked address, with a deadline for all of it."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from trust.lib.addresses import is_global, is_loopback
from trust.lib.fetch_target import FetchRefused, Target

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

Resolver = Callable[[str, int], list[str]]

_ADDRESSES_TRIED: Final = 4
_lookups: Final = ThreadPoolExecutor(max_workers=8, thread_name_prefix="lookup")


class SlowOrLarge(Exception):
    """The deadline passed or more bytes came than an answer may have."""


def ask_system(host: str, port: int) -> list[str]:
    """Return a host's addresses as the machine's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def trust_system() -> ssl.SSLContext:
    """Return the TLS settings: the machine's certificate authorities, the name checked, TLS 1.2 at least."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Network:
    """The world outside: how names are resolved and whom to trust. Tests give their own."""

    resolve: Resolver = ask_system
    tls: Callable[[], ssl.SSLContext] = trust_system


class Connection(http.client.HTTPConnection):
    """An HTTP connection to the address that was checked, within a deadline and a budget of bytes."""

    def __init__(
        self, target: Target, network: Network, *, deadline: float, connect_timeout: float, budget: int
    ) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.is_tls else 80
        self._target, self._network = target, network
        self._deadline, self._connect_timeout, self._budget = deadline, connect_timeout, budget
        self._inner: socket.socket | None = None

    def connect(self) -> None:
        """Resolve, check, connect and, for https, prove the name (RFC 9110 section 4.3.4)."""
        self._inner = self._connected(self._checked_addresses())
        if self._target.is_tls:
            self._inner.settimeout(_left(self._deadline))
            self._inner = self._network.tls().wrap_socket(self._inner, server_hostname=self._target.host)
        self.sock: Any = _BoundedSocket(self._inner, self._deadline, self._budget)

    def hang_up(self) -> None:
        """Close the connection and whatever was still to be read."""
        self.close()
        if self._inner is not None:
            self._inner.close()

    def _checked_addresses(self) -> list[str]:
        lookup = _lookups.submit(self._network.resolve, self._target.host, self._target.port)
        try:
            addresses = lookup.result(timeout=_left(self._deadline))
        except TookTooLong as slow:
            raise SlowOrLarge("name") from slow
        if not addresses or not all(_may_go_to(address, tls=self._target.is_tls) for address in addresses):
            raise FetchRefused("the name has an address that is not public")
        return addresses[:_ADDRESSES_TRIED]

    def _connected(self, addresses: list[str]) -> socket.socket:
        *others, last = addresses
        for address in others:
            try:
                return self._connect_to(address)
            except OSError:
                continue
        return self._connect_to(last)

    def _connect_to(self, address: str) -> socket.socket:
        timeout = min(self._connect_timeout, _left(self._deadline))
        return socket.create_connection((address, self._target.port), timeout=timeout)


class _BoundedSocket:
    """What http.client needs of a socket, each step within what is left of the deadline."""

    def __init__(self, inner: socket.socket, deadline: float, budget: int) -> None:
        self._inner, self._deadline, self._budget = inner, deadline, budget

    def sendall(self, octets: "ReadableBuffer") -> None:
        self._inner.settimeout(_left(self._deadline))
        self._inner.sendall(octets)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._inner, self._deadline, self._budget))

    def close(self) -> None:
        """Leave it open: http.client closes before the body is read. The connection hangs up at the end."""


class _BoundedReader(io.RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float, budget: int) -> None:
        self._inner, self._deadline, self._budget = inner, deadline, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._inner.settimeout(_left(self._deadline))
        count = self._inner.recv_into(buffer)
        self._budget -= count
        if self._budget < 0:
            raise SlowOrLarge("size")
        return count


def _may_go_to(address: str, *, tls: bool) -> bool:
    if settings.OUTBOUND_ALLOW_PRIVATE and is_loopback(address):
        return True
    return tls and is_global(address)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise SlowOrLarge("time")
    return left

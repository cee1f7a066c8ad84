"""What the n-th of everything is called: the same each time, so that whoever measures need not look it up."""

import hashlib
import uuid
from base64 import b32encode
from typing import Final

DOMAIN: Final = "scale.invalid"  # RFC 2606: no mail ever gets there; who has such an address was generated
PASSWORD: Final = "generated people share one password"
CLIENT_SECRET: Final = "generated clients share one secret, long enough"
USER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
ADMINISTRATOR: Final = "administrator"
_STRIDE: Final = 7919  # a prime: the clients of neighbours are far from one another


def uuid_of(kind: str, n: int) -> uuid.UUID:
    """Return the id of the n-th row of a kind: as random as any to an index."""
    return uuid.UUID(bytes=_digest(kind, n, 16), version=4)


def client_id_of(n: int) -> str:
    """Return a client_id as the house makes them."""
    return b32encode(_digest("client", n, 10)).decode().lower()


def cookie_of(n: int) -> str:
    """Return the key of the n-th person's browser session."""
    return _digest("cookie", n, 16).hex()


def code_of(n: int) -> str:
    """Return the value of the n-th authorization code."""
    return _digest("code", n, 32).hex()


def username_of(n: int) -> str:
    """Return the n-th person's username."""
    return f"person{n}"


def email_of(n: int) -> str:
    """Return the n-th person's address."""
    return f"{username_of(n)}@{DOMAIN}"


def client_of_grant(n: int, size: int) -> int:
    """Return which client the n-th person uses."""
    return n * _STRIDE % size + 1


def salt_of(kind: str, n: int) -> bytes:
    """Return sixteen bytes that nothing else has."""
    return _digest(kind, n, 16)


def _digest(kind: str, n: int, size: int) -> bytes:
    return hashlib.blake2b(f"{kind} {n}".encode(), digest_size=size).digest()

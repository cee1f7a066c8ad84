"""Bearer values and client secrets are kept by digest only; each is 256 random bits, which need no slow hash."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

_VALUE_BYTES: Final = 32
_SALT_BYTES: Final = 16
_CLIENT_ID_BYTES: Final = 10  # 16 characters of base32
_SCHEME: Final = "sha256"


def new_value() -> str:
    """Return a new code, opaque token or client secret."""
    return secrets.token_urlsafe(_VALUE_BYTES)


def new_client_id() -> str:
    """Return a new client_id: 80 random bits that one can read out, and never a UUID."""
    return base64.b32encode(secrets.token_bytes(_CLIENT_ID_BYTES)).decode("ascii").lower()


def secret_digest_of(secret: str) -> str:
    """Return what is kept of a client secret: one salted SHA-256."""
    salt = secrets.token_hex(_SALT_BYTES)
    return f"{_SCHEME}${salt}${_salted(salt, secret)}"


def secret_is_right(digest: str, secret: str) -> bool:
    """Tell whether a secret is the one kept, in constant time; an empty one never is."""
    scheme, _, rest = digest.partition("$")
    salt, _, expected = rest.partition("$")
    matches = hmac.compare_digest(_salted(salt, secret), expected)
    return bool(secret) and scheme == _SCHEME and matches


def _salted(salt: str, secret: str) -> str:
    return hashlib.sha256(salt.encode() + _bytes(secret)).hexdigest()


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")

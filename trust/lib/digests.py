"""Bearer values at rest: kept by digest alone. They are random, so that one SHA-256 is enough."""

import hashlib


def digest_of(value: str) -> str:
    """Return what is kept of a value, by which it is found again: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()

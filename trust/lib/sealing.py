"""Secrets at rest: sealed under SEALING_KEYS, each use with a key of its own (HKDF, RFC 5869).

The first of SEALING_KEYS seals and all of them open, so a new one is put in front and the old one removed
once everything has been sealed anew. Sealing is Fernet: AES-128-CBC with HMAC-SHA256, authenticated.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """What was sealed cannot be opened: another purpose, a key no longer listed, or altered bytes."""


def seal(plain: bytes, *, purpose: str) -> str:
    """Seal `plain` for one purpose, such as "signing-key"; only `unseal` with the same purpose opens it."""
    return _box(purpose, tuple(settings.SEALING_KEYS)).encrypt(plain).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> bytes:
    """Open what `seal` made. Raises SealBroken."""
    try:
        return _box(purpose, tuple(settings.SEALING_KEYS)).decrypt(sealed.encode("ascii"))
    except (InvalidToken, UnicodeEncodeError) as broken:
        raise SealBroken(purpose) from broken


@cache
def mac_keys(purpose: str, secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return a key for each of SEALING_KEYS, to authenticate what is not secret: the first makes, all verify."""
    return tuple(_derive(secret, purpose) for secret in secrets)


@cache
def _box(purpose: str, secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(secret, purpose)) for secret in secrets])


def _derive(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"authproject:{purpose}".encode())
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))

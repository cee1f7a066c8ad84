"""Argon2id, hashed a bounded number at a time."""

import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.hashing_pool import pool


def composed(password: str) -> str:
    """Return a password in one encoding, for keyboards differ in how they put a letter together (RFC 8265 4.2.2)."""
    return unicodedata.normalize("NFC", password)


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters; each hash takes a place in the pool, or raises HashingBusy."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        return pool.run(super().encode, composed(password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Check a password against its hash."""
        return pool.run(super().verify, composed(password), encoded)

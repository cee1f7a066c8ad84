"""Hashes that other systems made: checked as they are, in the pool, and made anew at the next sign-in.

They come with people who were imported (accounts/management/importing). PBKDF2 is kept as
`pbkdf2$<digest>$<iterations>$<salt>$<hash>`, salt and hash in base64: so it says all that is needed, whatever made it.
"""

import hashlib
import hmac
import unicodedata
from base64 import b64decode
from typing import Any, Final

from django.contrib.auth.hashers import BasePasswordHasher, ScryptPasswordHasher

from accounts.hashing_pool import pool

PBKDF2_DIGESTS: Final = frozenset({"sha1", "sha256", "sha512"})


class ForeignPbkdf2PasswordHasher(BasePasswordHasher):
    """PBKDF2 (RFC 8018 section 5.2) of any digest, salt and length. It checks, and makes none."""

    algorithm = "pbkdf2"

    def encode(self, password: str, salt: str) -> str:
        """Refuse: passwords are hashed by argon2id."""
        raise NotImplementedError("no password is hashed so any more")

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of a hash."""
        _, digest, iterations, salt, hashed = encoded.split("$")
        return {"digest": digest, "iterations": int(iterations), "salt": b64decode(salt), "hash": b64decode(hashed)}

    def verify(self, password: str, encoded: str) -> bool:
        """Check a password. Raises HashingBusy."""
        return any(pool.run(self._is, candidate, encoded) for candidate in spellings(password))

    def safe_summary(self, encoded: str) -> Any:
        """Return what may be shown of a hash."""
        parts = self.decode(encoded)
        return {"algorithm": self.algorithm, "digest": parts["digest"], "iterations": parts["iterations"]}

    def must_update(self, encoded: str) -> bool:
        """Always."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing is made slower than it is."""

    def _is(self, password: str, encoded: str) -> bool:
        parts = self.decode(encoded)
        length = len(parts["hash"])
        made = hashlib.pbkdf2_hmac(parts["digest"], password.encode(), parts["salt"], parts["iterations"], length)
        return hmac.compare_digest(made, parts["hash"])


class ForeignScryptPasswordHasher(ScryptPasswordHasher):
    """Scrypt as Django keeps it, checked in the pool."""

    def verify(self, password: str, encoded: str) -> bool:
        """Check a password. Raises HashingBusy."""
        check = super().verify
        return any(pool.run(check, candidate, encoded) for candidate in spellings(password))


def spellings(password: str) -> tuple[str, ...]:
    """Return how the other system may have had the password: as it was typed, and composed (RFC 8265 section 4.2.2)."""
    return tuple(dict.fromkeys((password, unicodedata.normalize("NFC", password))))

"""People's passwords: argon2id, hashed a bounded number at a time, and what a password must not be.

The validators are named in settings, and asked wherever a password is set: sign-up, change, reset, scripts.
"""

from accounts.hashing_pool import HashingBusy
from accounts.passwords.breached import BreachedValidator
from accounts.passwords.context import ContextValidator
from accounts.passwords.guessable import CommonValidator
from accounts.passwords.hasher import BoundedArgon2PasswordHasher
from accounts.passwords.length import LengthValidator

__all__ = [
    "BoundedArgon2PasswordHasher",
    "BreachedValidator",
    "CommonValidator",
    "ContextValidator",
    "HashingBusy",
    "LengthValidator",
]

"""The codes that people type off a device (RFC 8628 section 6.1): made, read as they are typed, kept by a keyed digest.

There are 20^8 of them: whoever had the table could try them all against a plain digest.
"""

import secrets
from typing import Final

from django.utils.crypto import salted_hmac

# No vowels, so that no word is spelt; no digits, which look like letters.
_ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
_HALF: Final = 4  # characters
_SALT: Final = "oauth.services.user_codes"


def new_user_code() -> str:
    """Return a new code, as it is shown: XXXX-XXXX."""
    return shown("".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)))


def letters_of(typed: str) -> str:
    """Return what counts of a code as somebody typed it: its letters, whether upper or lower case."""
    return "".join(letter for letter in typed.upper() if letter in _ALPHABET)


def shown(letters: str) -> str:
    """Return a code as it is shown."""
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def is_whole(letters: str) -> bool:
    """Tell whether these are as many letters as a code has."""
    return len(letters) == 2 * _HALF


def digest_of(typed: str) -> str:
    """Return what is kept of a code; under a new SECRET_KEY, codes that wait are typed in vain."""
    return salted_hmac(_SALT, letters_of(typed), algorithm="sha256").hexdigest()

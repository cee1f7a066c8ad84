"""Passwords that everybody thinks of, offline: Django's list of the 20 thousand most used, and what is made of them.

Of its 19,640 entries, 48 have the 15 characters that we demand, so it is what people make of the others that matters:
`passwordpassword`, `Password!2345678`. Several words in a row are no such thing, however common each may be.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.conf import LONGEST_PASSWORD, SHORT_PASSWORD
from accounts.passwords.hasher import composed

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SIGNS: Final = re.compile(r"[\W_]+")
_SHORTEST_UNIT: Final = 4  # characters: what repeats less than that is no password
# What fingers and children run along, either way.
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)


class CommonValidator(CommonPasswordValidator):
    """Refuses what is on the list, repeats itself, runs along the keyboard, or is one such word with decoration."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if many would think of this password (NIST SP 800-63B-4 section 3.1.1.2)."""
        folded = composed(password).casefold().strip()[:LONGEST_PASSWORD]  # what is longer is refused for that
        if any(map(self._is_common, self._cores(folded))):
            raise ValidationError(
                _("This password is too easy to guess: many people think of it."), code="password_too_common"
            )

    def get_help_text(self) -> str:
        """Say nothing: who chooses such a password is told then."""
        return ""

    def _cores(self, folded: str) -> Iterator[str]:
        """Yield the password, and the one word in it if the rest of it is decoration."""
        yield folded
        words = _LETTERS.findall(folded)
        if len(words) == 1:
            rest = _SIGNS.sub("", folded.replace(words[0], "", 1))
            if len(_unit(rest)) < SHORT_PASSWORD or self._is_common(rest):
                yield words[0]

    def _is_common(self, text: str) -> bool:
        unit = _unit(text)
        return (
            text in self.passwords
            or unit in self.passwords
            or len(unit) < _SHORTEST_UNIT
            or any(unit in row or unit[::-1] in row for row in _ROWS)
        )


def _unit(text: str) -> str:
    """Return the shortest beginning whose repetition is the text, the last time perhaps not whole."""
    lengths = (length for length in range(1, len(text)) if text.startswith(text[length:]))
    return text[: next(lengths, len(text))]

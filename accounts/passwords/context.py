"""Passwords made of what is known of the person and of this site: "context-specific words" of NIST SP 800-63B-4."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.conf import LONGEST_PASSWORD, SHORT_PASSWORD

_ABOUT_A_PERSON: Final = ("username", "email", "name", "given_name", "family_name", "middle_name", "nickname")
_SHORTEST_WORD: Final = 4  # characters: shorter ones are in many a sentence by chance
_SHORTEST_IDEOGRAMS: Final = 2  # a name in Korean or Chinese
_SEPARATORS: Final = re.compile(r"[\W_]+")
# What people put in the place of letters; words are looked at in the same way.
_LOOK_ALIKE: Final = str.maketrans("@4301!|5$7", "aaeoiiisst")


class ContextValidator:
    """Refuses a password that is little more than names of the person, of this site or of where it stands.

    Such words count for nothing: what is left without them must still be as long as the shortest of passwords.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if the password is made of context-specific words (3.1.1.2)."""
        folded = left = _folded(password[:LONGEST_PASSWORD])
        for word in sorted(_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if left != folded and len(_SEPARATORS.sub("", left)) < SHORT_PASSWORD:
            raise ValidationError(
                _("This password is too easy to guess: it is little more than names of yours or of this site."),
                code="password_from_context",
            )

    def get_help_text(self) -> str:
        """Say nothing: who chooses such a password is told then."""
        return ""


def _words(user: AbstractBaseUser | None) -> set[str]:
    texts = [settings.BRAND_NAME, urlsplit(settings.ISSUER).hostname or ""]
    texts += [str(getattr(user, name, None) or "") for name in _ABOUT_A_PERSON]
    parts = [part for text in texts for part in (*_SEPARATORS.split(text), _SEPARATORS.sub("", text))]
    return {_folded(part) for part in parts if _is_telling(part)}


def _is_telling(word: str) -> bool:
    return len(word) >= (_SHORTEST_WORD if word.isascii() else _SHORTEST_IDEOGRAMS)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKE)

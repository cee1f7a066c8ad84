"""How long a password must be (NIST SP 800-63B-4 section 3.1.1.2)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import second_factor
from accounts.conf import LONG_PASSWORD, LONGEST_PASSWORD, SHORT_PASSWORD
from accounts.passwords.hasher import composed


class LengthValidator:
    """Length as NIST SP 800-63B-4 section 3.1.1.2 has it: 15 where the password stands alone, 8 beside a factor.

    No rule on the mixture of characters, and any character counts.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if the password is too short for this person, or longer than is ever hashed."""
        shortest, length = self._shortest(user), len(composed(password))
        if length < shortest:
            message = ngettext(
                "This password is too short. It must contain at least %(count)d character.",
                "This password is too short. It must contain at least %(count)d characters.",
                shortest,
            )
            raise ValidationError(message % {"count": shortest}, code="password_too_short")
        if length > LONGEST_PASSWORD:
            raise ValidationError(
                _("This password is too long. It may contain %(count)d characters.") % {"count": LONGEST_PASSWORD},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At least %(long)d characters; a sentence is fine. Any characters may be used, spaces too.") % {
            "long": LONG_PASSWORD
        }

    def _shortest(self, user: AbstractBaseUser | None) -> int:
        has_factor = user is not None and user.pk is not None and second_factor.has_one(user)
        return SHORT_PASSWORD if has_factor else LONG_PASSWORD

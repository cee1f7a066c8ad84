"""The forms that take a one-time code: guesses are counted first, and a code is good once, on every process."""

from datetime import timedelta
from typing import Final

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.services import explained, people
from trust.explain.vocabulary import Found
from trust.lib.origin import origin_of
from trust.limits import guesses, once
from trust.limits.conf import ONE_TIME_CODE
from trust.limits.errors import LimitExceeded

# Longer than a code of an authenticator app is good for, tolerance included.
_CODE_MEMORY: Final = timedelta(minutes=3)
_STEP: Final = "one_time_code"


class _CountedCode(forms.BaseAuthenticateForm):
    user: User

    def clean_code(self) -> str:
        """Return the code if it is right, was not used before, and the guesses are not used up."""
        try:
            guesses.take(ONE_TIME_CODE, str(self.user.pk))
        except LimitExceeded as exceeded:
            explained.limited(step=_STEP, retry_after=exceeded.retry_after)
            raise get_adapter().validation_error("too_many_code_attempts") from exceeded
        try:
            return self._right_code(str(self.user.pk))
        except ValidationError:
            explained.refused(Found.SECOND_FACTOR_WRONG, error="invalid_code", step=_STEP, person=self.user.pk)
            raise

    def _right_code(self, target: str) -> str:
        code = str(super().clean_code())
        if not once.use("code", f"{target}:{_as_compared(code)}", memory=_CODE_MEMORY):
            raise get_adapter().validation_error("incorrect_code")
        guesses.reset(ONE_TIME_CODE, target)
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            self.authenticator.refresh_from_db()  # the library marks the code in a copy of the row
            left = len(self.authenticator.wrap().get_unused_codes())
            people.recovery_code_used(user=self.user, left=left, origin=origin_of(context.request))
        return code


def _as_compared(code: str) -> str:
    """Return a code without what the library overlooks when it compares: spaces, dashes, case."""
    return "".join(character for character in code if character.isalnum()).lower()


class AuthenticateForm(_CountedCode, forms.AuthenticateForm):
    """The second step of a sign-in."""


class ReauthenticateForm(_CountedCode, forms.ReauthenticateForm):
    """A fresh proof within a session."""

"""The forms of a sign-in by a code in a mail: asking for it, and giving it."""

from datetime import timedelta
from typing import Any, Final

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.conf import MAILED_CODE_LIFETIME
from accounts.models import User
from accounts.services import explained, mail_limits
from trust.explain.vocabulary import Found
from trust.lib.origin import origin_of
from trust.limits import guesses, once
from trust.limits.conf import CODE_BY_ADDRESS, MAILED_CODE, ONE_MAILED_CODE
from trust.limits.errors import LimitExceeded

_STEP: Final = "mailed_code"
_CODE_MEMORY: Final = MAILED_CODE_LIFETIME + timedelta(minutes=1)


class RequestCodeForm(allauth_forms.RequestLoginCodeForm):
    """Asks for a code. What is done does not differ by whether the address has an account."""

    person: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean_email(self) -> str:
        """Find the person whose own address this is. Raises LimitExceeded, before anything is looked up.

        An address that somebody has only asked to change to signs nobody in: it may be a stranger's.
        """
        email = User.objects.normalize_email(self.cleaned_data["email"])
        mail_limits.take(to=email, origin=origin_of(context.request), by_address=CODE_BY_ADDRESS)
        self.person = User.objects.by_email(email).active().first()
        return email


class ConfirmCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """Takes the code: guesses are counted first, of the address and of this very code, and it is good once.

    The browser's session counts too, but parallel guesses would overtake it.
    """

    def __init__(self, *args: Any, process: LoginCodeVerificationProcess, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self._user: User | None = process.user
        self._email, self._sent = str(process.state["email"]), f"{process.state['email']}:{process.state['at']}"

    def clean_code(self) -> str:
        """Return the code if it is right, unused, and still of the address that the person has."""
        try:
            guesses.take(ONE_MAILED_CODE, self._sent)
            guesses.take(MAILED_CODE, self._email)
        except LimitExceeded as exceeded:
            explained.limited(step=_STEP, retry_after=exceeded.retry_after)
            raise get_adapter().validation_error("too_many_login_attempts") from exceeded
        try:
            return self._right_code()
        except forms.ValidationError:
            person = self._user.pk if self._user else None
            explained.refused(Found.MAILED_CODE_WRONG, error="invalid_code", step=_STEP, person=person)
            raise

    def _right_code(self) -> str:
        code = str(super().clean_code())
        if self._user is None or self._user.email != self._email:
            raise get_adapter().validation_error("incorrect_code")
        if not once.use("mailed-code", self._sent, memory=_CODE_MEMORY):
            raise get_adapter().validation_error("incorrect_code")
        guesses.reset(MAILED_CODE, self._email)
        mail_limits.forget(to=self._email)
        return code

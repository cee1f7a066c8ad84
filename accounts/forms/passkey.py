"""The forms that take a passkey's answer; what was asked is kept in the browser's session until then, for one answer.

allauth's own forms are not used: they take any subdomain's word, an answer of any age, and no counter.
"""

from dataclasses import asdict
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context as allauth_context
from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest

from accounts.conf import LONGEST_PASSKEY_ANSWER
from accounts.errors import PasskeyRefused
from accounts.models import User
from accounts.services import explained, passkeys
from accounts.services.passkeys import Proof
from accounts.webauthn.asking import Ceremony
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.lib.origin import origin_of
from trust.lib.strict_json import MalformedJson, parse_json
from trust.limits import guesses, rates
from trust.limits.conf import ONE_TIME_CODE, PASSKEY_BY_ADDRESS
from trust.limits.errors import LimitExceeded

_STEP: Final = "passkey"
_KEPT: Final = "passkey_ceremony"  # in Django's session


def keep(request: HttpRequest, ceremony: Ceremony) -> None:
    """Keep what was asked, in place of what was asked before."""
    request.session[_KEPT] = asdict(ceremony)


def taken(request: HttpRequest) -> Ceremony:
    """Take what was asked, for one answer. Raises PasskeyRefused."""
    kept = request.session.pop(_KEPT, None)
    if kept is None:
        raise PasskeyRefused("not asked for")
    return Ceremony(**kept)


class _Answer(forms.CharField):
    """What a browser answered, as JSON."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_PASSKEY_ANSWER, widget=forms.HiddenInput, strip=False)

    def clean(self, value: Any) -> Any:
        try:
            return parse_json(super().clean(value).encode("utf-8", "surrogatepass"))
        except MalformedJson as malformed:
            raise get_adapter().validation_error("passkey_refused") from malformed


class PasskeyForm(forms.Form):
    """Turns what refuses an answer into a sentence."""

    credential = _Answer()

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Any:
        """Check the answer, which is counted first."""
        try:
            return self.checked(allauth_context.request, self.cleaned_data["credential"])
        except PasskeyRefused as refused:
            person = self.user.pk if self.user else None
            explained.refused(
                Found.PASSKEY_WRONG, error="passkey_refused", step=_STEP, about=refused.reason, person=person
            )
            raise get_adapter().validation_error("passkey_refused") from refused
        except LimitExceeded as exceeded:
            explained.limited(step=_STEP, retry_after=exceeded.retry_after)
            raise get_adapter().validation_error("too_many_code_attempts") from exceeded

    def checked(self, request: HttpRequest, answer: Any) -> Any:
        """Return what is to be had of the answer. Raises PasskeyRefused, LimitExceeded."""
        raise NotImplementedError


class AuthenticatePasskeyForm(PasskeyForm):
    """The second step of a sign-in."""

    told: dict[str, bool] = {}

    def checked(self, request: HttpRequest, answer: Any) -> Proof:
        """Check the answer of the person whom the form is for."""
        assert self.user is not None
        guesses.take(ONE_TIME_CODE, str(self.user.pk))
        proof = _proof(request, self.user, answer, alone=False)
        guesses.reset(ONE_TIME_CODE, str(self.user.pk))
        return proof

    def save(self) -> None:
        """Note the proof with the sign-in."""
        request, proof = allauth_context.request, self.cleaned_data["credential"]
        passkey = proof.passkey
        passkey.record_usage()
        told = {"user_verified": proof.user_verified, **self.told}
        record_authentication(request, passkey.user, "mfa", id=passkey.pk, type=passkey.type, **told)
        signals.authenticator_used.send(
            sender=Authenticator,
            request=request,
            user=passkey.user,
            authenticator=passkey,
            reauthenticated="reauthenticated" in told,
            passwordless="passwordless" in told,
        )


class ReauthenticatePasskeyForm(AuthenticatePasskeyForm):
    """A fresh proof within a session."""

    told = {"reauthenticated": True}


class LoginPasskeyForm(AuthenticatePasskeyForm):
    """A sign-in by a passkey alone, which says itself whose it is."""

    # allauth then asks for no second step; that the key verified the person was demanded of it.
    told = {"passwordless": True}

    def checked(self, request: HttpRequest, answer: Any) -> Proof:
        """Check the answer of whoever it is. Nobody's account is locked by it: it names whom it likes."""
        origin = origin_of(request)
        rates.take(PASSKEY_BY_ADDRESS, origin.client_address)
        return _proof(request, passkeys.owner(answer, origin=origin), answer, alone=True)


def _proof(request: HttpRequest, user: User, answer: Any, *, alone: bool) -> Proof:
    ceremony, now, origin = taken(request), clock.now(), origin_of(request)
    passkeys.use_up(ceremony=ceremony)
    return passkeys.answered(user=user, ceremony=ceremony, answer=answer, alone=alone, now=now, origin=origin)

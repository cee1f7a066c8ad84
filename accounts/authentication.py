"""What an authentication proved: allauth's records of a sign-in, summed up as auth_time, amr and acr.

`amr` values are of RFC 8176 and of the OpenID Connect EAP ACR Values 1.0; the levels are DESIGN's: aal1, aal2, phr
(phishing-resistant). A passkey is `pop`, a key that is proved to be held, and `user`, for somebody was there: no
attestation is asked for, and most passkeys are copied between a person's devices, so neither `hwk` nor `swk` could be
told truly. Where the key verified the person (a PIN, a fingerprint) it is two factors by itself: `mfa`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.vocabulary import Acr
from trust.lib import clock

_PASSWORD: Final = "pwd"
_CODE: Final = "otp"
_KEY: Final = "pop"
_PRESENT: Final = "user"
_SEVERAL: Final = "mfa"
# An external provider's word: a first factor like the password. RFC 8176 has no reference for it, so amr is silent.
_EXTERNAL: Final = "socialaccount"
# A code in a mail: the mailbox's word, a first factor as well, for by a mail the password could be chosen anew. It is
# none of the second factors, and adds nothing to a password.
_MAILED: Final = "mailed"
PASSWORD_ALONE: Final = _PASSWORD  # the amr, in words, of who gave a password and nothing more
_FIRST: Final = {_PASSWORD, _EXTERNAL, _MAILED}
# allauth's method, or the type of the factor for its method "mfa", as a registered reference.
_REFERENCES: Final = {
    "password": _PASSWORD,
    "socialaccount": _EXTERNAL,
    "totp": _CODE,
    "recovery_codes": _CODE,
    "code": _MAILED,
}


@dataclass(frozen=True, slots=True)
class Authentication:
    """When a person last proved who they are, by which methods, to which level."""

    auth_time: datetime
    amr: tuple[str, ...]
    acr: Acr

    @property
    def first_method(self) -> str:
        """What the person signed in with first: `password`, `passkey`, `mailed_code`, `external`."""
        if _PASSWORD in self.amr:
            return "password"
        if _KEY in self.amr:
            return "passkey"
        return "mailed_code" if _CODE in self.amr else "external"


def summed_up(records: Sequence[Mapping[str, Any]], *, now: datetime) -> Authentication:
    """Sum up allauth's records, oldest first; without any, the sign-in is now and proves the least."""
    references = set[str]().union(*map(_references, records))
    auth_time = max((clock.from_epoch(record["at"]) for record in records), default=now)
    return Authentication(auth_time=auth_time, amr=_amr(references), acr=_acr(references))


def by_password(*, auth_time: datetime) -> Authentication:
    """Return what a password alone proves."""
    return Authentication(auth_time=auth_time, amr=_amr({_PASSWORD}), acr=_acr({_PASSWORD}))


def by_password_and_code(*, auth_time: datetime) -> Authentication:
    """Return what a password and a one-time code prove."""
    references = {_PASSWORD, _CODE}
    return Authentication(auth_time=auth_time, amr=_amr(references), acr=_acr(references))


def by_passkey(*, auth_time: datetime, user_verified: bool, after_password: bool) -> Authentication:
    """Return what a passkey proves, alone or after the password."""
    references = _of_passkey(user_verified=user_verified) | ({_PASSWORD} if after_password else set())
    return Authentication(auth_time=auth_time, amr=_amr(references), acr=_acr(references))


def _references(record: Mapping[str, Any]) -> set[str]:
    method = str(record.get("type") if record.get("method") == "mfa" else record.get("method"))
    if method == "webauthn":
        return _of_passkey(user_verified=record.get("user_verified") is True)
    return {_REFERENCES[method]} if method in _REFERENCES else set()


def _of_passkey(*, user_verified: bool) -> set[str]:
    return {_KEY, _PRESENT, _SEVERAL} if user_verified else {_KEY, _PRESENT}


def _is_several(references: set[str]) -> bool:
    """Tell whether two factors of different kinds were shown; a code and a key are both things that one has."""
    return _SEVERAL in references or bool(references & _FIRST and references & {_CODE, _KEY})


def _amr(references: set[str]) -> tuple[str, ...]:
    several = {_SEVERAL} if _is_several(references) else set()
    shown = {_CODE if reference == _MAILED else reference for reference in references - {_EXTERNAL}}
    return tuple(sorted(shown | several))


def _acr(references: set[str]) -> Acr:
    if not _is_several(references):
        return Acr.AAL1
    return Acr.PHR if _KEY in references else Acr.AAL2

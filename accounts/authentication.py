"""What an authentication proved: allauth's records of a sign-in, summed up as auth_time, amr and acr.

`amr` values are of RFC 8176; the levels are DESIGN's: aal1, aal2, phr (phishing-resistant).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accounts.vocabulary import Acr
from trust.lib import clock

_PASSWORD: Final = "pwd"
_CODE: Final = "otp"
_KEY: Final = "hwk"
_SEVERAL: Final = "mfa"
# An external provider's word: a first factor like the password. RFC 8176 has no reference for it, so amr is silent.
_EXTERNAL: Final = "socialaccount"
_FIRST: Final = {_PASSWORD, _EXTERNAL}
# allauth's method, or the type of the factor for its method "mfa", as a registered reference.
_REFERENCES: Final = {
    "password": _PASSWORD,
    "socialaccount": _EXTERNAL,
    "totp": _CODE,
    "recovery_codes": _CODE,
    "webauthn": _KEY,
    "code": _CODE,
}


@dataclass(frozen=True, slots=True)
class Authentication:
    """When a person last proved who they are, by which methods, to which level."""

    auth_time: datetime
    amr: tuple[str, ...]
    acr: Acr


def summed_up(records: Sequence[Mapping[str, Any]], *, now: datetime) -> Authentication:
    """Sum up allauth's records, oldest first; without any, the sign-in is now and proves the least."""
    references = {_REFERENCES[method] for method in map(_method, records) if method in _REFERENCES}
    auth_time = max((clock.from_epoch(record["at"]) for record in records), default=now)
    return Authentication(auth_time=auth_time, amr=_amr(references), acr=_acr(references))


def by_password(*, auth_time: datetime) -> Authentication:
    """Return what a password alone proves."""
    return Authentication(auth_time=auth_time, amr=_amr({_PASSWORD}), acr=_acr({_PASSWORD}))


def by_password_and_code(*, auth_time: datetime) -> Authentication:
    """Return what a password and a one-time code prove."""
    references = {_PASSWORD, _CODE}
    return Authentication(auth_time=auth_time, amr=_amr(references), acr=_acr(references))


def _method(record: Mapping[str, Any]) -> str:
    return str(record.get("type") if record.get("method") == "mfa" else record.get("method"))


def _amr(references: set[str]) -> tuple[str, ...]:
    several = {_SEVERAL} if len(references) > 1 and references != _FIRST else set()
    return tuple(sorted((references | several) - {_EXTERNAL}))


def _acr(references: set[str]) -> Acr:
    if not references & _FIRST:
        return Acr.AAL1
    return Acr.PHR if _KEY in references else Acr.AAL2 if _CODE in references else Acr.AAL1

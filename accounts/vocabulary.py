"""Wire values of accounts: authentication levels and methods (OpenID Connect Core section 2, RFC 8176)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.tokens.vocabulary import FIRST_PARTY_CLIENT_ID

__all__ = ["FIRST_PARTY_CLIENT_ID", "Acr", "amr_of"]


class Acr(models.TextChoices):
    """How sure we are of the person: one factor, two, or phishing-resistant."""

    AAL1 = "aal1", _("one factor")
    AAL2 = "aal2", _("two factors")
    PHR = "phr", _("phishing-resistant")


# allauth's record of a method, and of a factor's type, as Authentication Method Reference values (RFC 8176).
_AMR: Final = {"password": "pwd", "totp": "otp", "recovery_codes": "otp", "webauthn": "hwk", "code": "otp"}


def amr_of(method: str) -> str | None:
    """Return the registered `amr` value of one of allauth's methods, or None where there is none."""
    return _AMR.get(method)

"""Whom a provider named, and how far that is believed."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


@dataclass(frozen=True, slots=True)
class Identity:
    """A person at a provider. `is_email_trusted` is our judgement, not the provider's word alone."""

    issuer: str
    subject: str
    email: str
    is_email_trusted: bool
    name: str
    given_name: str
    family_name: str

    @classmethod
    def of(cls, claims: Mapping[str, Any], *, issuer: str, trusted_domains: Collection[str]) -> Self:
        """Read verified claims.

        Whoever runs a provider can have it say any address: one counts as verified only if the provider says so
        and its domain is listed for that provider.
        """
        email = _email(claims)
        is_verified = claims.get("email_verified") is True
        return cls(
            issuer=issuer,
            subject=claims["sub"],
            email=email,
            is_email_trusted=is_verified and email.rpartition("@")[2] in trusted_domains,
            name=_text(claims, "name", 255),
            given_name=_text(claims, "given_name", 150),
            family_name=_text(claims, "family_name", 150),
        )

    @property
    def uid(self) -> str:
        """What an account is linked by: issuer and subject together, and nothing else (OpenID Connect Core 5.7)."""
        return hashlib.sha256(f"{self.issuer} {self.subject}".encode()).hexdigest()


def _email(claims: Mapping[str, Any]) -> str:
    email = _text(claims, "email", 254).strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def _text(claims: Mapping[str, Any], name: str, length: int) -> str:
    """Return a claim if it is text that fits where it goes; it is not cut."""
    value = claims.get(name)
    return value if isinstance(value, str) and value.isprintable() and len(value) <= length else ""

"""Whether a person has a second factor: allauth's answer, asked at one place."""

from collections.abc import Sequence

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser


def has_one(user: AbstractBaseUser | AnonymousUser, *, kinds: Sequence[str] | None = None) -> bool:
    """Tell whether the person has a factor, or one of these kinds: totp, recovery_codes, webauthn."""
    enabled: bool = is_mfa_enabled(user, types=kinds)
    return enabled

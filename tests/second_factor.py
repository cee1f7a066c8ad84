"""Alice's second factor, as an authenticator app and a sheet of paper hold it."""

import pyotp
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User


@pytest.fixture
def totp(person: User) -> pyotp.TOTP:
    """Give Alice an authenticator app: `.now()` is her code."""
    secret = pyotp.random_base32()
    TOTP.activate(person, secret)
    return pyotp.TOTP(secret)


@pytest.fixture
def recovery_codes(person: User, totp: pyotp.TOTP) -> list[str]:
    """Give Alice recovery codes beside her app."""
    codes: list[str] = RecoveryCodes.activate(person).get_unused_codes()
    return codes

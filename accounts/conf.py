"""Policy of accounts: lengths, ages and lifetimes. Sections are of NIST SP 800-63B-4 where it decides."""

from datetime import timedelta
from typing import Final

USERNAME_LENGTH: Final = 64  # characters
LONG_PASSWORD: Final = 15  # characters, where the password is the only factor (3.1.1.2)
SHORT_PASSWORD: Final = 8  # characters, beside a second factor (3.1.1.2)
LONGEST_PASSWORD: Final = 256  # characters: at least 64 must be accepted, and hashing must stay bounded
SESSION_LIFETIME: Final = timedelta(days=30)  # absolute, aal1 (2.1.3)
UNVERIFIED_LIFETIME: Final = timedelta(days=7)  # accounts whose address was never verified
LAST_SEEN_RESOLUTION: Final = timedelta(minutes=1)  # last_seen is written no more often than this
CHALLENGE_ATTEMPTS: Final = 5
CHALLENGE_LIFETIME: Final = timedelta(minutes=5)
FIRST_PARTY_SCOPE: Final = ("openid", "profile", "email")
ADMIN_SESSION_AGE: Final = timedelta(hours=24)  # aal2 (2.2.3)
ADMIN_SESSION_IDLE: Final = timedelta(hours=1)
OVER_SESSIONS_KEPT: Final = timedelta(days=30)  # ended sessions stay this long for the devices page and the admin

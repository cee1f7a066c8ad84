"""Policy of external sign-in: what is accepted from a provider. Sections are of OpenID Connect Core."""

from typing import Final

LEEWAY: Final = 60  # seconds that a provider's clock may be off (3.1.3.7)
ID_TOKEN_AGE: Final = 600  # seconds since iat; no more than the state that was given for it lives
ID_TOKEN_LENGTH: Final = 16_384  # characters
SUBJECT_LENGTH: Final = 255  # characters (2)
DEFAULT_SCOPE: Final = ("openid", "profile", "email")

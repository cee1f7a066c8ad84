"""Policy of the authorization server: lifetimes, sizes, and what a new client may do."""

from datetime import timedelta
from typing import Final

AUTHORIZATION_CODE_LIFETIME: Final = timedelta(seconds=60)  # RFC 9700 section 2.1.1; FAPI 2.0 section 5.3.2.1
ID_TOKEN_LIFETIME: Final = timedelta(hours=1)
# Codes stay beyond their use, so that a replay is known and an app can be revoked: longer than any access token.
CODE_KEPT: Final = timedelta(days=2)
ACCESS_TOKEN_LIFETIMES: Final = (60, 86400)  # seconds, shortest and longest that a client may be set to
LONGEST_ACCESS_TOKEN: Final = timedelta(seconds=ACCESS_TOKEN_LIFETIMES[1])
DEFAULT_CLIENT_SCOPES: Final = ("openid", "profile", "email", "offline_access")
SHORTEST_GIVEN_SECRET: Final = 32  # characters, of a secret that somebody else chose
LONGEST_PARAMETER: Final = 4096  # characters of one request parameter
CODE_VERIFIER_LENGTHS: Final = (43, 128)  # RFC 7636 section 4.1

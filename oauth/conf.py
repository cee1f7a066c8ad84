"""Policy of the authorization server: lifetimes, sizes, and what a new client may do."""

from datetime import timedelta
from typing import Final

from trust.tokens.conf import LONGEST_ACCESS_TOKEN_LIFETIME

AUTHORIZATION_CODE_LIFETIME: Final = timedelta(seconds=60)  # RFC 9700 section 2.1.1; FAPI 2.0 section 5.3.2.1
ID_TOKEN_LIFETIME: Final = timedelta(hours=1)
# Codes stay beyond their use, so that a replay is known and an app can be revoked: longer than any access token.
CODE_KEPT: Final = timedelta(days=1)
OVER_REFRESH_TOKENS_KEPT: Final = timedelta(days=30)  # ended ones stay this long for the administration
# Seconds, shortest and longest that a client may be set to.
ACCESS_TOKEN_LIFETIMES: Final = (60, int(LONGEST_ACCESS_TOKEN_LIFETIME.total_seconds()))
DEFAULT_ACCESS_TOKEN_SECONDS: Final = 600
DEFAULT_CLIENT_SCOPES: Final = ("openid", "profile", "email", "offline_access")
LONGEST_CLIENT_ID: Final = 255  # characters
LONGEST_CLIENT_NAME: Final = 255  # characters
LONGEST_GROUP_NAME: Final = 150  # characters, as Django has it
SHORTEST_GIVEN_SECRET: Final = 32  # characters, of a secret that somebody else chose
LONGEST_GIVEN_SECRET: Final = 512  # characters
LONGEST_URI: Final = 2048  # characters
MOST_KEYS: Final = 20  # of one client
MOST_CLAIMS: Final = 50  # that a client is given beyond its scopes, or asks for in one request
LONGEST_REQUEST_OBJECT: Final = 16 * 1024  # characters
STORED_REQUEST_LIFETIME: Final = timedelta(hours=1)
LONGEST_PARAMETER: Final = 4096  # characters of one request parameter
CODE_VERIFIER_LENGTHS: Final = (43, 128)  # RFC 7636 section 4.1

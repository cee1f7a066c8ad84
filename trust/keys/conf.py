"""Policy of the signing keys: which kinds there are and how long each state lasts."""

from datetime import timedelta
from typing import Final

# A new key stands in the JWK set this long before it signs, so that every cache of the set has it.
PUBLISH_BEFORE_SIGNING: Final = timedelta(hours=1)
# A key may sign this long. The daily housekeeping makes the next one well before the end, so that a worker that
# stood still for weeks does not leave the house without a key.
SIGNING_PERIOD: Final = timedelta(days=120)
ROTATE_BEFORE_END: Final = timedelta(days=30)
# A published key stays this long after its last signature: longer than any token that it signed (id tokens, 1 h).
PUBLISH_AFTER_SIGNING: Final = timedelta(days=1)
# The refresh tokens' key verifies as long as a refresh token may live (30 days), and a day.
VERIFY_REFRESH_AFTER_SIGNING: Final = timedelta(days=31)
# Every process reads the ring anew this often, and at once (but not more often than this) on an unknown kid.
RELOAD_SECONDS: Final = 60.0
UNKNOWN_KID_RELOAD_SECONDS: Final = 1.0
RSA_BITS: Final = 2048
# Longest token that is parsed at all, in characters.
MAX_TOKEN_LENGTH: Final = 8192

"""Policy of the revocation feed, in seconds. The promise: refused by every process within 2 s, 5 s always."""

from datetime import timedelta
from typing import Final

from trust.tokens.conf import LONGEST_ACCESS_TOKEN_LIFETIME

REFRESH_AFTER_SECONDS: Final = 1.0  # a request that finds the copy older reads first
SHARED_STALENESS_SECONDS: Final = 2.0  # while one thread reads, others go on with a copy up to this old
REVOCATION_MAX_STALENESS: Final = 5.0  # older than this and unreadable: 503, never a pass
FULL_RELOAD_SECONDS: Final = 60.0
# Longer than the longest transaction allowed: statements and idle transactions end after 5 s (settings.py).
OVERLAP: Final = timedelta(seconds=15)
RETRY_SECONDS: Final = 0.5  # an unreadable database is asked again no more often than this
RETRY_AFTER_SECONDS: Final = 2  # what the 503 says
# An entry lives as long as any access token may, and a margin for clocks that differ.
ENTRY_LIFETIME: Final = LONGEST_ACCESS_TOKEN_LIFETIME + timedelta(minutes=5)

"""Policy of outgoing mail: how often and how long delivery is tried."""

from datetime import timedelta
from typing import Final

QUEUE: Final = "mail"
FIRST_WAIT: Final = timedelta(minutes=1)  # doubled after each failure
LONGEST_WAIT: Final = timedelta(hours=1)
ATTEMPTS: Final = 30  # about a day: an hour of doubling, then hourly
TRANSPORT_TIMEOUT_SECONDS: Final = 10


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after this attempt, the first being 1."""
    doublings = min(attempt - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)

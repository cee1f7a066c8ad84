"""Policy of the limits. Counting comes before the work, so parallel guesses cannot beat a counter."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class GuessPolicy:
    """How often one secret may be guessed at without a success.

    The first `free` guesses are let through at once; then each waits twice as long as the last, up to
    `longest_wait`; after `most` none is let through until a success by another way resets the counter
    (NIST SP 800-63B-4 section 3.2.2: no more than 100). A counter untouched for `memory` is forgotten.
    """

    name: str
    free: int
    most: int
    longest_wait: timedelta
    memory: timedelta


@dataclass(frozen=True, slots=True)
class RatePolicy:
    """How many attempts one address may make in a window of seconds; a /64 counts as one address in IPv6."""

    name: str
    attempts: int
    window: int


SIGN_IN: Final = GuessPolicy(
    "sign-in", free=10, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
ONE_TIME_CODE: Final = GuessPolicy(
    "one-time-code", free=5, most=100, longest_wait=timedelta(minutes=15), memory=timedelta(days=30)
)
SIGN_IN_BY_ADDRESS: Final = RatePolicy("sign-in", attempts=60, window=60)
SIGN_UP_BY_ADDRESS: Final = RatePolicy("sign-up", attempts=100, window=3600)
RESET_BY_ADDRESS: Final = RatePolicy("reset", attempts=100, window=3600)

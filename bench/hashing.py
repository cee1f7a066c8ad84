"""How many passwords the cores could hash if they did nothing else: what sign-in is measured against."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench.measurements import CORES
from bench.world import HASHER


def raw_rate(seconds: float) -> float:
    """Return verifications a second by argon2-cffi as it is installed for ours, one thread a core."""
    encoded = HASHER.hash("a password")
    until = time.monotonic() + seconds

    def verify_until_the_end() -> int:
        count = 0
        while time.monotonic() < until:
            HASHER.verify(encoded, "a password")
            count += 1
        return count

    started = time.monotonic()
    with ThreadPoolExecutor(CORES) as threads:
        counts = list(threads.map(lambda _: verify_until_the_end(), range(CORES)))
    return sum(counts) / (time.monotonic() - started)

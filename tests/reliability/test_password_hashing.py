"""What a password costs to hash, and that the bound on hashing costs next to nothing itself."""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.passwords import BoundedArgon2PasswordHasher

pytestmark = pytest.mark.slow

TIMES, AT_ONCE, ROUNDS = 30, 8, 3
LEAST_SHARE = 0.75  # of the rate that the cores reach without a bound
CORES = os.cpu_count() or 1


class Unbounded(Argon2PasswordHasher):
    time_cost = BoundedArgon2PasswordHasher.time_cost
    memory_cost = BoundedArgon2PasswordHasher.memory_cost
    parallelism = BoundedArgon2PasswordHasher.parallelism


def hash_once(hasher):
    started = time.monotonic()
    hasher.encode("correct horse battery staple", "a salt of 16 chars")
    return time.monotonic() - started


def rate(hasher, threads):
    started = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: hash_once(hasher), range(TIMES)))
    return TIMES / (time.monotonic() - started)


def test_the_bound_costs_next_to_nothing(note_figure):
    bounded, unbounded = BoundedArgon2PasswordHasher(), Unbounded()
    note_figure("one password hash, median", f"{_median(bounded) * 1000:.1f} ms")
    rates = [(rate(bounded, AT_ONCE), rate(unbounded, CORES)) for _ in range(ROUNDS)]
    reached, possible = (statistics.median(column) for column in zip(*rates, strict=True))
    note_figure(f"hashes a second, {AT_ONCE} asked for at once ({CORES} cores)", f"{reached:.0f}")
    note_figure("the same without the bound, one thread a core", f"{possible:.0f}")
    # A bound that costs does so in every round, unlike other work on the machine.
    assert max(with_bound / without for with_bound, without in rates) >= LEAST_SHARE


def _median(hasher):
    return statistics.median(hash_once(hasher) for _ in range(TIMES))

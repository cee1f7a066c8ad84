"""What a password costs to hash, and that the bound on hashing costs next to nothing itself."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.hashing_pool import HashingPool
from accounts.passwords import BoundedArgon2PasswordHasher
from tests.reliability.conftest import NoteFigure
from trust.lib import processors

pytestmark = pytest.mark.slow

TIMES, AT_ONCE, ROUNDS = 40, 8, 4
LEAST_SHARE = 0.85  # of the rate that the cores reach without a bound
CORES = processors.usable()


class Unbounded(Argon2PasswordHasher):
    time_cost = BoundedArgon2PasswordHasher.time_cost
    memory_cost = BoundedArgon2PasswordHasher.memory_cost
    parallelism = BoundedArgon2PasswordHasher.parallelism


def hash_once() -> None:
    Unbounded().encode("correct horse battery staple", "a salt of 16 chars")


def rate(hashers: Sequence[Callable[[], None]], at_once: int) -> float:
    """Hash TIMES times by each of some in turn, `at_once` at once; return how many a second."""
    started = time.monotonic()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(lambda number: hashers[number % len(hashers)](), range(TIMES)))
    return TIMES / (time.monotonic() - started)


def test_what_one_hash_costs(note_figure: NoteFigure) -> None:
    hasher, taken = BoundedArgon2PasswordHasher(), []
    for _ in range(TIMES):
        started = time.monotonic()
        hasher.encode("correct horse battery staple", "a salt of 16 chars")
        taken.append(time.monotonic() - started)
    note_figure("one password hash, median", f"{statistics.median(taken) * 1000:.1f} ms")
    assert min(taken) > 0.001, "a hash that costs an attacker nothing"


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bound_costs_next_to_nothing(workers: int, note_figure: NoteFigure) -> None:
    # Places are locked by opened file, so that two pools of one process share them as those of two workers do.
    pools = [HashingPool(places=CORES) for _ in range(workers)]
    bounded: list[Callable[[], None]] = [lambda pool=pool: pool.run(hash_once) for pool in pools]  # type: ignore[misc]
    rates = [(rate(bounded, AT_ONCE * workers), rate([hash_once], CORES)) for _ in range(ROUNDS)]
    reached, possible = (statistics.median(column) for column in zip(*rates, strict=True))
    asked = f"{AT_ONCE * workers} asked for at once of {workers} worker{'s' * (workers > 1)}"
    note_figure(f"hashes a second, {asked} ({CORES} cores)", f"{reached:.0f}, {reached / possible:.0%} of without")
    # A bound that costs does so in every round, unlike other work on the machine.
    assert max(with_bound / without for with_bound, without in rates) >= LEAST_SHARE

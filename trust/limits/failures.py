"""Failures of machines, such as wrong client secrets: a success costs a look into memory, and nothing is shared.

An attempt is counted in the process before it is judged, so that parallel guesses are all counted, and taken back when
it succeeds. A failure is counted in the shared cache too, and what other processes counted comes back with it: each
lets through at most one guess more than it has heard of, and without a cache the processes count for themselves. So a
client that is right is never slowed, and no stranger shuts it out from another address.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SynchronousOnlyOperation

from trust.lib.cache import count
from trust.lib.hooks import tell
from trust.lib.waiting import is_in_loop, soon
from trust.limits.conf import RatePolicy
from trust.limits.errors import LimitExceeded

_MOST: Final = 50_000  # counters in the process; the one used longest ago goes first
Key = tuple[RatePolicy, str]  # a policy, and what is counted by it


@dataclass(slots=True)
class _Counter:
    """What happened at one target: `failures` in this window, `under_way` now, and whether the last one succeeded."""

    window: int = 0
    failures: int = 0
    under_way: int = 0
    proved: bool = False

    def is_used_up(self, policy: RatePolicy) -> bool:
        # Where nothing fails, as much may be under way at once as there are threads.
        return self.failures > 0 and self.failures + self.under_way >= policy.attempts


_lock: Final = threading.Lock()
_counters: Final[OrderedDict[tuple[str, str], _Counter]] = OrderedDict()


@dataclass(slots=True, eq=False)
class Attempt:
    """One attempt that was let through: say of it how it ended. It is under way at the `held` of its targets."""

    keys: tuple[Key, ...]
    held: tuple[_Counter, ...] = ()

    def succeeded(self) -> None:
        """Take the attempt back, and forget what failed at its first target."""
        if not self.held:
            return
        narrowest = self.held[0]
        with _lock:
            self._end()
            had_failed = narrowest.failures > 0
            narrowest.failures, narrowest.proved = 0, True
        if had_failed:
            soon(partial(cache.delete, _shared_key(self.keys[0])))

    def failed(self) -> None:
        """Count the failure, for all processes."""
        if is_in_loop():  # what others counted would have to be waited for: it will be judged again, in a thread
            self.abandoned()
            raise SynchronousOnlyOperation
        with _lock:
            self._end()
            for key in self.keys:
                _current(key).failures += 1
        shared = [_count_shared(key) for key in self.keys]
        with _lock:
            for key, count in zip(self.keys, shared, strict=True):
                counter = _current(key)
                counter.failures = max(counter.failures, count)

    def abandoned(self) -> None:
        """Take the attempt back: it was neither."""
        with _lock:
            self._end()

    def _end(self) -> None:
        """Take the attempt off what is under way; under the lock."""
        for counter in self.held:
            counter.under_way -= 1
        self.held = ()


def take(*keys: Key) -> Attempt:
    """Count an attempt at each of these targets, the narrowest first, and let it through. Raises LimitExceeded.

    Who succeeded last time at the narrowest is not held up by what strangers did to the wider ones.
    """
    if not settings.RATE_LIMITS:
        return Attempt(())
    with _lock:
        narrowest = _current(keys[0])
        held = (narrowest,) if narrowest.proved else (narrowest, *map(_current, keys[1:]))
        for (policy, _target), counter in zip(keys, held, strict=False):
            if counter.is_used_up(policy):
                tell(settings.LIMIT_HIT, limit=policy.name)
                raise LimitExceeded(policy.window - int(time.time()) % policy.window)
        for counter in held:
            counter.under_way += 1
    return Attempt(keys, held)


def forget() -> None:
    """Forget what this process counted."""
    with _lock:
        _counters.clear()


def _current(key: Key) -> _Counter:
    """Return the counter of a key, in this window; under the lock."""
    policy, target = key
    name, window = (policy.name, target), int(time.time()) // policy.window
    counter = _counters.get(name)
    if counter is None:
        counter = _counters[name] = _Counter(window)
    if counter.window != window:
        counter.window, counter.failures = window, 0
    _counters.move_to_end(name)
    while len(_counters) > _MOST:
        _counters.popitem(last=False)
    return counter


def _count_shared(key: Key) -> int:
    return count(_shared_key(key), seconds=key[0].window)


def _shared_key(key: Key) -> str:
    policy, target = key
    return f"failure:{policy.name}:{target}:{int(time.time()) // policy.window}"

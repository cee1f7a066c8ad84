"""Things usable once, such as one-time codes: remembered as rows, so that every process sees the first use."""

from datetime import timedelta

from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.limits.models import GuessCounter


def use(name: str, value: str, *, memory: timedelta) -> bool:
    """Take `value` for its single use and return True; False if it was used within `memory` already."""
    key = _key(name, value)
    GuessCounter.objects.by_key(key).forgotten(clock.now()).delete()
    row = {"count": 1, "open_at": DatabaseNow(memory), "forget_at": DatabaseNow(memory)}
    _, first = GuessCounter.objects.get_or_create(key=key, defaults=row)
    return first


def is_used(name: str, value: str) -> bool:
    """Tell whether `value` had its use and that is still remembered; nothing is taken."""
    return GuessCounter.objects.by_key(_key(name, value)).exists()


def _key(name: str, value: str) -> str:
    return f"{name}:{digest_of(value)}"

"""Things usable once, such as one-time codes: remembered as rows, so that every process sees the first use."""

import hashlib
from datetime import timedelta

from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.limits.models import GuessCounter


def use(name: str, value: str, *, memory: timedelta) -> bool:
    """Take `value` for its single use and return True; False if it was used within `memory` already."""
    key = f"{name}:{hashlib.sha256(value.encode()).hexdigest()}"
    GuessCounter.objects.by_key(key).forgotten(clock.now()).delete()
    row = {"count": 1, "open_at": DatabaseNow(memory), "forget_at": DatabaseNow(memory)}
    _, first = GuessCounter.objects.get_or_create(key=key, defaults=row)
    return first

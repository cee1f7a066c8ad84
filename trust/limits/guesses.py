"""Guesses at one secret, counted in the database: the same counter for every door, node and address.

`take` counts before the guess is judged, in one statement, so that parallel guesses are all counted, and in a
transaction of its own, so that no refusal rolls the counting back.
"""

import hashlib
import unicodedata
from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, When

from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning
from trust.limits import conf
from trust.limits.conf import GuessPolicy
from trust.limits.errors import LimitExceeded
from trust.limits.models import GuessCounter


def take(policy: GuessPolicy, target: str) -> None:
    """Count one guess at `target` and let it through, or raise LimitExceeded. `target` is kept as a digest only."""
    if not settings.RATE_LIMITS:
        return
    key = _key(policy, target)
    with transaction.atomic(durable=True):
        counted = _counted(policy, key) or _counted_first(policy, key)
    if not counted:
        raise LimitExceeded(_seconds_to_wait(policy, key))


def reset(policy: GuessPolicy, target: str) -> None:
    """Forget the guesses at `target`: the right secret was given, or it was replaced."""
    GuessCounter.objects.by_key(_key(policy, target)).delete()


def forget(target: str) -> None:
    """Forget every guess at `target`, whatever was guessed: it is gone."""
    policies = [policy for policy in vars(conf).values() if isinstance(policy, GuessPolicy)]
    for policy in policies:
        reset(policy, target)


def _counted_first(policy: GuessPolicy, key: str) -> bool:
    GuessCounter.objects.start(key, forget_at=DatabaseNow(policy.memory))
    return _counted(policy, key)


def _counted(policy: GuessPolicy, key: str) -> bool:
    values = {"count": F("count") + 1, "open_at": _next_opening(policy), "forget_at": DatabaseNow(policy.memory)}
    return update_returning(GuessCounter.objects.open(key, most=policy.most), values, ["count"]) is not None


def _next_opening(policy: GuessPolicy) -> Case:
    """The time of the next guess after this one: at once while free, then twice as long each time."""
    waits = []
    wait = timedelta(seconds=1)
    while wait < policy.longest_wait:
        waits.append(wait)
        wait *= 2
    waits.append(policy.longest_wait)
    steps = list(enumerate(waits, start=policy.free - 1))
    return Case(
        *[When(count__gte=count, then=DatabaseNow(wait)) for count, wait in reversed(steps)], default=DatabaseNow()
    )


def _seconds_to_wait(policy: GuessPolicy, key: str) -> int:
    counter = GuessCounter.objects.by_key(key).first()
    if counter is None:
        return 1
    used_up = counter.count >= policy.most
    return ceil(policy.longest_wait.total_seconds() if used_up else (counter.open_at - clock.now()).total_seconds())


def _key(policy: GuessPolicy, target: str) -> str:
    folded = unicodedata.normalize("NFKC", target).casefold()
    return f"{policy.name}:{hashlib.sha256(folded.encode()).hexdigest()}"

"""Guesses at one secret, counted in the database: the same counter for every door, node and address.

`take` counts before the guess is judged, in one statement (trust.limits.counting), so that parallel guesses are all
counted, and in a transaction of its own, so that no refusal rolls the counting back.
"""

import hashlib
import unicodedata
from contextlib import AbstractContextManager, nullcontext
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from trust.lib import clock
from trust.lib.hooks import tell
from trust.lib.shared_statements import answer_of
from trust.limits import conf
from trust.limits.conf import GuessPolicy
from trust.limits.counting import GuessAsk, counting
from trust.limits.errors import LimitExceeded
from trust.limits.models import GuessCounter


def take(policy: GuessPolicy, target: str) -> None:
    """Count one guess at `target` and let it through, or raise LimitExceeded. `target` is kept as a digest only."""
    if not settings.RATE_LIMITS:
        return
    key = key_of(policy, target)
    with _durably():
        counted = answer_of(counting(policy), GuessAsk(key))
    if not counted:
        tell(settings.LIMIT_HIT, limit=policy.name)
        raise LimitExceeded(_seconds_to_wait(policy, key))


def reset(policy: GuessPolicy, target: str) -> None:
    """Forget the guesses at `target`: the right secret was given, or it was replaced."""
    GuessCounter.objects.by_key(key_of(policy, target)).delete()


def forget(target: str) -> None:
    """Forget every guess at `target`, whatever was guessed: it is gone."""
    policies = [policy for policy in vars(conf).values() if isinstance(policy, GuessPolicy)]
    for policy in policies:
        reset(policy, target)


def _durably() -> AbstractContextManager[Any]:
    """Refuse to be part of a transaction that could roll the counting back; by itself, a statement is durable."""
    return transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext()


def _seconds_to_wait(policy: GuessPolicy, key: str) -> int:
    counter = GuessCounter.objects.by_key(key).first()
    if counter is None:
        return 1
    used_up = counter.count >= policy.most
    return ceil(policy.longest_wait.total_seconds() if used_up else (counter.open_at - clock.now()).total_seconds())


def key_of(policy: GuessPolicy, target: str) -> str:
    """Return the key of the counter of `target`, which does not tell what that is."""
    folded = unicodedata.normalize("NFKC", target).casefold()
    return f"{policy.name}:{hashlib.sha256(folded.encode()).hexdigest()}"

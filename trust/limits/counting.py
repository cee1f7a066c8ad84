"""The counting of one guess, said twice: by the ORM, and as one statement of PostgreSQL (docs/decisions/0023)."""

from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Case, F, When

from trust.lib.clock import DatabaseNow
from trust.lib.shared_statements import SharedStatement
from trust.lib.statements import update_returning
from trust.limits.conf import GuessPolicy
from trust.limits.models import GuessCounter


class GuessAsk(NamedTuple):
    """The counter of what is guessed at."""

    key: str


@lru_cache(64)
def counting(policy: GuessPolicy) -> SharedStatement[GuessAsk, bool]:
    """Return the statement that counts a guess and answers True, or None where the policy lets none through now.

    The first guess at something makes its counter. Of two at once, the second counts on from the first.
    """
    return SharedStatement(
        name=f"a guess: {policy.name}",
        one=lambda ask: _one(policy, ask.key),
        many=_many(policy),
        answer=lambda: True,
    )


def _one(policy: GuessPolicy, key: str) -> bool | None:
    if _counted(policy, key):
        return True
    GuessCounter.objects.start(key, forget_at=DatabaseNow(policy.memory))
    return _counted(policy, key) or None


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


def _many(policy: GuessPolicy) -> str:
    memory = f"clock_timestamp() + interval '{policy.memory.total_seconds()} seconds'"
    return f"""
WITH asked AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, place FROM unnest(%s::text[]) WITH ORDINALITY AS asked (key, place)
    ORDER BY key, place
), counted AS (
    INSERT INTO limits_guesscounter AS this (key, count, open_at, forget_at)
    SELECT key, 1, {_next_opening_sql(policy, "0")}, {memory} FROM asked
    ON CONFLICT (key) DO UPDATE
    SET count = this.count + 1, open_at = {_next_opening_sql(policy, "this.count")}, forget_at = {memory}
    WHERE this.count < {policy.most} AND this.open_at <= clock_timestamp()
    RETURNING this.key
)
SELECT asked.place FROM asked JOIN counted USING (key)
"""  # noqa: S608 - made of our own words alone


def _next_opening_sql(policy: GuessPolicy, count: str) -> str:
    doublings = f"{count} - {policy.free - 1}"  # the wait after the last free guess is a second
    waits = f"least({policy.longest_wait.total_seconds()}, 1 << least({doublings}, 30))"
    return f"clock_timestamp() + interval '1 second' * CASE WHEN {doublings} < 0 THEN 0 ELSE {waits} END"

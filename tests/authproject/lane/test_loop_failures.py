"""Failures of clients in the event loop: each is counted once, and no attempt is left under way."""

import asyncio

import pytest

from tests.authproject.lane.cases import APP, introspect, token
from tests.broken_database import broken_database
from tests.clients import basic
from tests.lane import in_loop, post_form, through_loop, through_loop_in_turn
from trust.limits import failures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_in_production")]


def counted():
    """Return what is counted of failures, by policy: failed, and under way."""
    return {name: (counter.failures, counter.under_way) for (name, _), counter in failures._counters.items()}


FAILED_ONCE = {"client-secret": (1, 0), "client-secret-client": (1, 0), "client-secret-address": (1, 0)}


@pytest.mark.parametrize("before", [[], [introspect("x")]], ids=["an unknown client", "a client known in the loop"])
def test_a_wrong_secret_is_counted_once(before, world):
    told = through_loop_in_turn(*before, introspect("x", basic("api", "wrong")))[-1]

    assert told.status == 401
    assert counted() == FAILED_ONCE


def test_wrong_secrets_at_once_are_each_counted_once(world):
    answers = through_loop(*[token(authorization=basic("app", "wrong"))] * 10)

    assert [told.status for told in answers] == [401] * 10
    assert counted() == dict.fromkeys(FAILED_ONCE, (10, 0))


@pytest.mark.redis
def test_a_wrong_secret_is_counted_once_where_redis_counts(world):
    through_loop_in_turn(token(authorization=basic("app", "wrong")))
    assert counted() == FAILED_ONCE


@pytest.mark.parametrize(
    "make",
    [
        lambda world: token(),
        lambda world: token({"grant_type": "nonsense"}),
        lambda world: world.exchange(),
        lambda world: world.exchange(code="nobody's"),
        lambda world: introspect(world.access()),
        lambda world: post_form("/oauth/revoke", {"token": "x"}, authorization=APP),
    ],
)
def test_no_attempt_is_left_under_way(make, world):
    asked = make(world)
    for one in (asked, asked.by(origin="https://app.example")):
        through_loop_in_turn(one, one)
    assert set(counted().values()) == {(0, 0)}


def test_no_attempt_is_left_under_way_when_the_database_is_down(world):
    with broken_database():
        assert [told.status for told in through_loop_in_turn(token(), introspect("a.b.c"))] == [503, 503]
    assert {under_way for _, under_way in counted().values()} == {0}


def test_no_attempt_is_left_under_way_when_whoever_asked_is_gone(world):
    async def work(site):
        await site.asked(token())
        asking = asyncio.create_task(site.asked(exchange))
        for _ in range(3):  # it waits for the database by now
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    exchange = world.exchange()
    in_loop(work)
    assert set(counted().values()) == {(0, 0)}

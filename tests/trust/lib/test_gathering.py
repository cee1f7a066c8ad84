"""Those who want the same statement share it: few statements, to each their own answer, and no harm by one to others."""

import asyncio
import threading
import time
from functools import partial

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection

from accounts.models import User
from tests.broken_database import broken_database
from tests.shared_statements import gatherer, in_loop, together
from trust.lib import gathering
from trust.lib.shared_statements import SharedStatement

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

committing = pytest.mark.django_db(transaction=True)
FROM_ASKED = "FROM unnest(%s::int[]) WITH ORDINALITY AS asked (n, place)"


def statement(name, what, answer=lambda value: value, array="int"):
    """Return a statement that answers each ask by one expression of `asked.n`."""
    asked = FROM_ASKED.replace("int", array)
    return SharedStatement(name=name, one=lambda ask: None, many=f"SELECT place, {what} {asked}", answer=answer)


DOUBLE = statement("a number, doubled", "n * 2")
SLOW = statement("a number, slowly", "n * 2, pg_sleep(n / 1000.0)", answer=lambda value, _: value)
OF_WHOM = statement("the server's process", "pg_backend_pid()")
PLACE = f"SELECT place, place {FROM_ASKED}"
TEXT = statement("a text", "n::varchar(5)", array="text")
SHORT = SharedStatement(
    name="a username",
    one=lambda ask: None,
    many="""UPDATE accounts_user SET username = asked.name, nickname = asked.nickname
        FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS asked (of, name, nickname, place)
        WHERE username = asked.of RETURNING place, username""",
    answer=str,
)


async def terminate(pid):
    """End the server's process of a connection, by another one, and wait until it is gone."""

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        connection.close()

    await asyncio.to_thread(end)


def test_a_hundred_who_ask_at_once_share_a_statement():
    async def ask():
        answers = await together(DOUBLE, [(number,) for number in range(100)])
        return answers, gatherer(DOUBLE).statements

    assert in_loop(ask) == ([number * 2 for number in range(100)], 1)


def test_no_statement_is_for_more_than_two_hundred():
    async def ask():
        answers = await together(DOUBLE, [(number,) for number in range(450)])
        return answers, gatherer(DOUBLE).statements

    assert in_loop(ask) == ([number * 2 for number in range(450)], 3)


def test_while_one_is_under_way_the_others_gather():
    async def ask():
        first = asyncio.create_task(gathering.ask(SLOW, (200,)))
        while not gatherer(SLOW).statements:
            await asyncio.sleep(0.005)
        late = []
        for number in range(50):
            late.append(asyncio.create_task(gathering.ask(SLOW, (number % 2,))))
            await asyncio.sleep(0)
        assert not first.done()
        return await first, await asyncio.gather(*late), gatherer(SLOW).statements

    first, late, statements = in_loop(ask)
    assert (first, statements) == (400, 2)
    assert late == [number % 2 * 2 for number in range(50)]


def test_the_same_ask_is_answered_as_often_as_it_comes():
    async def ask():
        return await together(DOUBLE, [(7,)] * 30)

    assert in_loop(ask) == [14] * 30


def test_those_who_read_the_same_share_the_answer_and_those_who_write_do_not():
    """The statement tells each ask its place: equal asks of a reading one have one place, of a writing one two."""

    async def ask(what):
        return await together(what, [(7,), (8,), (7,), (9,), (8,)])

    reading = SharedStatement(name="places, read", one=lambda ask: None, many=PLACE, answer=int, reads=True)
    writing = SharedStatement(name="places, written", one=lambda ask: None, many=PLACE, answer=int)
    assert in_loop(partial(ask, reading)) == [1, 2, 1, 3, 2]
    assert in_loop(partial(ask, writing)) == [1, 2, 3, 4, 5]


def test_one_statement_waits_for_no_other():
    async def ask():
        slow = asyncio.create_task(gathering.ask(SLOW, (1500,)))
        while not gatherer(SLOW).statements:
            await asyncio.sleep(0.005)
        answer = await gathering.ask(DOUBLE, (1,))
        was_done = slow.done()
        return answer, was_done, await slow

    assert in_loop(ask) == (2, False, 3000)


def test_each_event_loop_has_a_connection_of_its_own():
    async def ask():
        return await gathering.ask(OF_WHOM, (1,)), await gathering.ask(OF_WHOM, (1,))

    (first, again), (other, _) = in_loop(ask), in_loop(ask)
    assert first == again != other


def test_event_loops_of_two_threads_do_not_meet():
    answers = {}

    async def ask(thread):
        return [await gathering.ask(DOUBLE, (thread * 1000 + number,)) for number in range(50)]

    def run(thread):
        answers[thread] = in_loop(lambda: ask(thread))

    threads = [threading.Thread(target=run, args=[thread]) for thread in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert answers == {thread: [(thread * 1000 + number) * 2 for number in range(50)] for thread in (1, 2)}


@pytest.mark.parametrize("bad", ["nul \0 is no text", "half a character \ud800"])
def test_who_asks_what_cannot_be_asked_fails_alone(bad):
    async def ask():
        return await together(TEXT, [("a",), (bad,), ("b",)])

    first, wrong, last = in_loop(ask)
    assert (first, last) == ("a", "b")
    assert isinstance(wrong, DataError | UnicodeError)


@committing
def test_whose_values_the_database_refuses_fails_alone_and_nothing_is_done_twice(make_person):
    """What was done for the others with the refused values was undone with them."""
    for name in ("alice", "bob", "carol", "dave"):
        make_person(name)
    asks = [("alice", "alicia", ""), ("bob", "DAVE", ""), ("carol", "carola", "n" * 200), ("dave", "david", "x")]

    async def ask():
        return await together(SHORT, asks)

    alice, bob, carol, dave = in_loop(ask)
    assert (alice, dave) == ("alicia", "david")
    assert isinstance(bob, IntegrityError)
    assert isinstance(carol, DataError)
    assert set(User.objects.values_list("username", flat=True)) == {"alicia", "bob", "carol", "david"}


def test_whoever_asks_hears_of_a_bug_and_the_next_are_answered():
    broken = [True]

    def answer(value):
        if broken.pop() if broken else False:
            raise ZeroDivisionError
        return value

    of_bug = statement("a bug", "n", answer=answer)

    async def ask():
        return await together(of_bug, [(1,), (2,)]), await together(of_bug, [(1,), (2,)])

    failed, answered = in_loop(ask)
    assert [type(error) for error in failed] == [ZeroDivisionError] * 2
    assert answered == [1, 2]


def test_who_goes_away_disturbs_nobody():
    async def ask():
        first = asyncio.create_task(gathering.ask(SLOW, (100,)))
        gone = [asyncio.create_task(gathering.ask(SLOW, (number,))) for number in (1, 2, 3)]
        staying = asyncio.create_task(gathering.ask(SLOW, (4,)))
        while not gatherer(SLOW).statements:
            await asyncio.sleep(0.005)
        for task in (first, *gone):
            task.cancel()
        later = asyncio.create_task(gathering.ask(SLOW, (5,)))
        return await staying, await later, [task.cancelled() for task in (first, *gone)]

    assert in_loop(ask) == (8, 10, [True] * 4)


def test_a_connection_that_ends_fails_those_whose_statement_it_had_and_nobody_else(caplog):
    async def ask():
        of_whom = SharedStatement(
            name="a wait",
            one=lambda ask: None,
            many=f"SELECT place, pg_backend_pid(), pg_sleep(n) {FROM_ASKED}",
            answer=lambda pid, _: pid,
        )
        pid = await gathering.ask(of_whom, (0,))
        in_flight = [asyncio.create_task(gathering.ask(of_whom, (5,))) for _ in range(3)]
        while gatherer(of_whom).statements < 2:
            await asyncio.sleep(0.005)
        waiting = [asyncio.create_task(gathering.ask(of_whom, (0,))) for _ in range(3)]
        await asyncio.sleep(0)
        await terminate(pid)
        failed = await asyncio.gather(*in_flight, return_exceptions=True)
        return pid, failed, await asyncio.gather(*waiting)

    before, failed, answered = in_loop(ask)
    assert [type(error) for error in failed] == [OperationalError] * 3
    assert len(set(answered)) == 1
    assert before not in answered
    assert "a wait failed for 3 requests" in caplog.text


def test_a_connection_that_ended_while_idle_fails_nobody():
    async def ask():
        pid = await gathering.ask(OF_WHOM, (1,))
        await terminate(pid)
        return pid, await together(OF_WHOM, [(1,), (2,)]), await together(OF_WHOM, [(1,), (2,)])

    before, first, second = in_loop(ask)
    assert len({*first, *second}) == 1, "one new connection, whose process is asked each time"
    assert before not in first


def test_a_statement_that_takes_too_long_ends_and_the_connection_with_it(monkeypatch):
    monkeypatch.setattr(gathering, "_PATIENCE", 0.3)

    async def ask():
        started = time.monotonic()
        late = await together(SLOW, [(4000,)])
        took = time.monotonic() - started
        return late, took, await asyncio.gather(*(gathering.ask(SLOW, (n,)) for n in (1, 2)))

    (late,), took, after = in_loop(ask)
    assert isinstance(late, OperationalError)
    assert took < 3
    assert after == [2, 4]


@committing
def test_a_database_out_of_reach_fails_those_who_ask_and_heals():
    with asyncio.Runner() as loop:
        with broken_database():
            refused = loop.run(together(DOUBLE, [(1,), (2,)]))
        answered = loop.run(together(DOUBLE, [(1,), (2,)]))
        loop.run(gathering.close())
    assert [type(error) for error in refused] == [OperationalError] * 2
    assert answered == [2, 4]

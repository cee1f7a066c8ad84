"""The port by which statements are shared: which way is taken where, and whose answer is whose."""

import asyncio

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.at_once import at_once as in_threads
from tests.shared_statements import WRITERS, asked, in_loop
from trust.lib import shared_statements
from trust.lib.shared_statements import GroupingWriter, OrmWriter, SharedStatement
from trust.lib.waiting import at_once

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.postgresql


def find(ask):
    return User.objects.by_username(*ask).values_list("email", flat=True).first()


ADDRESS = SharedStatement(
    name="an address",
    one=find,
    many="""SELECT asked.place, email FROM unnest(%s::text[]) WITH ORDINALITY AS asked (name, place)
        JOIN accounts_user ON username = asked.name""",
    answer=str,
)
RENAME = SharedStatement(
    name="a new name",
    one=lambda ask: None,
    many="""WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (username, name, place)
    ), held AS MATERIALIZED (
        SELECT id FROM accounts_user WHERE username IN (SELECT username FROM asked) FOR NO KEY UPDATE SKIP LOCKED
    ) UPDATE accounts_user this SET name = this.name || asked.name FROM asked
    WHERE this.username = asked.username AND this.id IN (SELECT id FROM held) RETURNING asked.place, this.name""",
    answer=str,
)


def test_members_of_the_asks_become_one_array_each():
    assert RENAME.parameters([("alice", "A"), ("bob", "B")]) == [["alice", "bob"], ["A", "B"]]


def test_one_ask_alone_gives_its_values_and_no_arrays():
    assert "(SELECT %s::text, %s::text, 1::bigint) AS asked (username, name, place)" in RENAME.alone
    assert "[]" not in RENAME.alone


def test_each_row_answers_the_ask_of_its_place():
    assert RENAME.answers([(3, "C"), (1, "A")], 4) == ["A", None, "C", None]


@pytest.mark.parametrize("writer", WRITERS)
def test_an_ask_is_answered_or_not(writer, person):
    assert asked(writer, ADDRESS, ("alice",)) == "alice@example.com"
    assert asked(writer, ADDRESS, ("nobody",)) is None


def test_the_way_is_that_of_the_database(person):
    expected = GroupingWriter if connection.vendor == "postgresql" else OrmWriter
    assert isinstance(shared_statements.writer(), expected)
    assert at_once(shared_statements.ask(ADDRESS, ("alice",))) == "alice@example.com"


def test_the_orm_is_refused_in_an_event_loop():
    """So that the request is answered in a thread, which may wait."""
    with pytest.raises(SynchronousOnlyOperation):
        asyncio.run(OrmWriter().ask(ADDRESS, ("alice",)))


@on_postgresql
def test_in_a_thread_one_statement_is_asked_in_the_transaction_that_there_is(person):
    with transaction.atomic():
        with CaptureQueriesContext(connection) as seen:
            assert asked(GroupingWriter(), RENAME, ("alice", "!")) == "!"
        transaction.set_rollback(True)
    assert len(seen) == 1
    person.refresh_from_db()
    assert person.name == ""


@on_postgresql
def test_an_error_of_the_database_is_djangos(person):
    with pytest.raises(DataError), transaction.atomic():
        asked(GroupingWriter(), RENAME, ("alice", "x" * 300))


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_in_a_thread_who_asks_waits_for_the_row_and_for_what_became_of_it(person):
    """In an event loop nobody waits: there None is not the last word."""
    assert "SKIP LOCKED" in RENAME.many
    assert "SKIP LOCKED" not in RENAME.alone
    names = in_threads(8, lambda: asked(GroupingWriter(), RENAME, ("alice", "x")))
    assert sorted(names) == ["x" * times for times in range(1, 9)]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_in_an_event_loop_it_is_committed_when_it_is_answered(person):
    async def rename_and_look():
        answer = await GroupingWriter().ask(RENAME, ("alice", "Alice"))
        # A thread has a connection of its own.
        seen = await asyncio.to_thread(in_threads, 1, lambda: User.objects.get(username="alice").name)
        return answer, *seen

    assert in_loop(rename_and_look) == ("Alice", "Alice")


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_in_an_event_loop_the_connection_is_as_the_settings_want_it(person):
    """Times come back aware and in UTC, and statements end when ours end."""
    settings_of = SharedStatement(
        name="settings",
        one=lambda ask: None,
        many="""SELECT place, current_setting(name), now() FROM unnest(%s::text[])
            WITH ORDINALITY AS asked (name, place)""",
        answer=lambda *values: values,
    )

    async def ask_settings():
        writer = GroupingWriter()
        names = ["TimeZone", "statement_timeout", "idle_in_transaction_session_timeout"]
        return await asyncio.gather(*(writer.ask(settings_of, (name,)) for name in names))

    answers = in_loop(ask_settings)
    assert [value for value, _ in answers] == ["UTC", "5s", "5s"]
    assert {at.utcoffset().total_seconds() for _, at in answers} == {0}


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_both_kinds_of_callers_change_the_same_rows(person):
    """An event loop and threads beside it, all at one row: no change is lost, and none is done twice."""

    async def in_the_loop():
        writer = GroupingWriter()
        return [await writer.ask(RENAME, ("alice", "l")) for _ in range(20)]

    turns = iter(["loop", "thread", "thread"])

    def change():
        if next(turns) == "loop":
            return in_loop(in_the_loop)
        return [asked(GroupingWriter(), RENAME, ("alice", "t")) for _ in range(10)]

    answered = [name for names in in_threads(3, change) for name in names if name is not None]
    person.refresh_from_db()
    assert len(answered) == len(set(answered)) == len(person.name)
    assert person.name.count("t") == 20

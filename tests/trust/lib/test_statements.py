"""One statement that changes a row and answers with it, converted as the ORM would."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from accounts.models import Session
from tests.at_once import at_once
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning


@pytest.fixture
def session(person):
    return Session.objects.create(
        user=person,
        kind=Session.Kind.API,
        auth_time=clock.now(),
        amr="pwd",
        acr="aal1",
        last_seen=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )


def test_answers_with_the_changed_row_as_python_values(session):
    row = update_returning(
        Session.objects.by_id(session.pk),
        {"generation": F("generation") + 1, "rotated_at": DatabaseNow()},
        ["id", "generation", "rotated_at", "user", "kind", "ended_at"],
    )
    assert row is not None
    identifier, generation, rotated_at, user, kind, ended_at = row
    assert (identifier, generation, user, kind, ended_at) == (session.pk, 2, session.user_id, "api", None)
    assert isinstance(identifier, uuid.UUID)
    assert isinstance(user, uuid.UUID)
    assert rotated_at.utcoffset() == timedelta(0)
    session.refresh_from_db()
    assert (session.generation, session.rotated_at) == (2, rotated_at)


def test_answers_nothing_where_no_row_matches(session):
    rows = Session.objects.by_id(uuid.uuid4())
    assert update_returning(rows, {"generation": 9}, ["generation"]) is None
    session.refresh_from_db()
    assert session.generation == 1


def test_is_one_statement(session):
    rows = Session.objects.alive().by_id(session.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        update_returning(rows, {"generation": 2}, ["generation"])
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("UPDATE")


@pytest.mark.django_db(transaction=True)
def test_the_change_is_committed_where_there_is_no_transaction(session):
    update_returning(Session.objects.by_id(session.pk), {"generation": 5}, ["generation"])
    seen = at_once(1, lambda: Session.objects.get(pk=session.pk).generation)
    assert seen == [5]


@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_when_many_come_at_once(session):
    def count():
        return update_returning(Session.objects.by_id(session.pk), {"generation": F("generation") + 1}, ["generation"])

    assert sorted(at_once(8, count)) == [(generation,) for generation in range(2, 10)]

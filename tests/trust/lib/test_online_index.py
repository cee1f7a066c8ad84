"""Indexes that are made while a table is written to, and those by which a beginning is found."""

import pytest
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from trust.lib.online_index import AddIndexOnline
from trust.lib.prefix_index import PrefixIndex

NAME = "accounts_user_tried"


def _index() -> models.Index:
    return PrefixIndex(name=NAME, fields=["nickname"])


def _indexes() -> list[str]:
    with connection.cursor() as cursor:
        return [name for name in connection.introspection.get_constraints(cursor, User._meta.db_table) if name == NAME]


def _operation() -> tuple[AddIndexOnline, ProjectState, ProjectState]:
    from django.apps import apps

    operation = AddIndexOnline("user", _index())
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("accounts", after)
    return operation, before, after


@pytest.mark.django_db(transaction=True)
def test_is_made_again_after_it_was_interrupted_and_taken_away() -> None:
    operation, before, after = _operation()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("accounts", editor, before, after)
    assert _indexes() == [NAME]
    if connection.vendor == "postgresql":
        with CaptureQueriesContext(connection) as asked, connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("accounts", editor, before, after)
        statements = " ".join(each["sql"] for each in asked)
        assert "DROP INDEX CONCURRENTLY IF EXISTS" in statements
        assert "CREATE INDEX CONCURRENTLY" in statements
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("accounts", editor, after, before)
    assert _indexes() == []


@pytest.mark.django_db
def test_a_search_for_beginnings_goes_by_the_indexes() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = User.objects.searched("ali").order_by().explain()
    names = ("username", "email", "name", "given_name", "family_name")
    assert [name for name in names if f"accounts_user_find_{name}" not in plan] == []


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["100%", "al_ce", "\\", "'", '"', "   ", "x" * 300, "알리스"])
def test_what_is_searched_for_is_text_and_no_pattern(person: User, term: str) -> None:
    User.objects.by_id(person.pk).update(name="alice")
    assert list(User.objects.searched(term)) == ([person] if not term.strip() else [])

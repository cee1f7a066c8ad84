"""The check that reads the database: clients with PKCE optional."""

import pytest
from django.db import connection

from authproject.checks import check_clients
from oauth.vocabulary import Pkce
from tests.clients import make_client

pytestmark = pytest.mark.django_db


def _found(databases: list[str] | None) -> list[str | None]:
    return [message.id for message in check_clients(None, databases=databases)]


def test_warns_of_a_client_that_need_not_use_pkce() -> None:
    make_client()
    assert _found(["default"]) == []
    make_client("old", pkce=Pkce.OPTIONAL)
    assert _found(["default"]) == ["authproject.W016"]


def test_minds_no_client_that_is_disabled() -> None:
    make_client("old", pkce=Pkce.OPTIONAL, is_active=False)
    assert _found(["default"]) == []


def test_reads_nothing_unless_a_database_was_named(django_assert_num_queries) -> None:
    make_client("old", pkce=Pkce.OPTIONAL)
    with django_assert_num_queries(0):
        assert _found(None) == []


def test_is_silent_before_the_tables_are_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE oauth_client RENAME TO elsewhere")
    assert _found(["default"]) == []

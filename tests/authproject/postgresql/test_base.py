"""A kept connection is looked at before a request uses it, without a statement."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import InternalError, OperationalError

from authproject.refusals import UNAVAILABLE, refusal_of

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kept() -> Iterator[BaseDatabaseWrapper]:
    """A connection that an earlier request has left."""
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    connection.ensure_connection()
    yield connection
    connection.close()


def ask(connection: BaseDatabaseWrapper, question: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def begin_request(connection: BaseDatabaseWrapper) -> None:
    """Do what Django does with each connection when a request begins."""
    connection.close_if_unusable_or_obsolete()


def end(connection: BaseDatabaseWrapper) -> None:
    """End a connection as a restart of the server does."""
    pid = connection.connection.info.backend_pid
    assert ask(connections[DEFAULT_DB_ALIAS], "SELECT pg_terminate_backend(%s, 5000)", pid)


def told(connection: BaseDatabaseWrapper, file: Path) -> str:
    """Return what the next request told the server before its own statement."""
    with file.open("w") as trace:
        connection.connection.pgconn.trace(trace.fileno())
        begin_request(connection)
        connection.close_if_health_check_failed()
        connection.connection.pgconn.untrace()
    return file.read_text()


def test_a_request_asks_the_server_nothing_but_its_own(kept: BaseDatabaseWrapper, tmp_path: Path) -> None:
    pid = ask(kept, "SELECT pg_backend_pid()")
    assert told(kept, tmp_path / "trace") == ""
    assert ask(kept, "SELECT pg_backend_pid()") == pid


def test_a_connection_that_the_server_has_ended_costs_no_request(kept: BaseDatabaseWrapper) -> None:
    pid = ask(kept, "SELECT pg_backend_pid()")
    end(kept)
    begin_request(kept)
    assert ask(kept, "SELECT pg_backend_pid()") != pid


def test_one_that_ends_within_a_request_costs_that_one_alone(kept: BaseDatabaseWrapper) -> None:
    begin_request(kept)
    assert ask(kept, "SELECT 1") == 1
    end(kept)
    with pytest.raises(OperationalError):
        ask(kept, "SELECT 1")
    begin_request(kept)
    assert ask(kept, "SELECT 1") == 1


def test_after_an_error_the_connection_is_asked(kept: BaseDatabaseWrapper, tmp_path: Path) -> None:
    assert ask(kept, "SELECT set_config('statement_timeout', '10', false)") == "10ms"
    with pytest.raises(OperationalError):
        ask(kept, "SELECT pg_sleep(1)")
    assert "SELECT 1" in told(kept, tmp_path / "trace")


def test_the_timeouts_of_statements_hold(kept: BaseDatabaseWrapper) -> None:
    assert ask(kept, "SELECT current_setting('statement_timeout')") == "5s"
    assert ask(kept, "SELECT current_setting('idle_in_transaction_session_timeout')") == "5s"


def test_what_is_asked_often_is_prepared(kept: BaseDatabaseWrapper) -> None:
    asked = [ask(kept, "SELECT %s::text", str(number)) for number in range(7)]
    assert asked == [str(number) for number in range(7)]
    assert ask(kept, "SELECT statement FROM pg_prepared_statements") == "SELECT $1::text"


def test_a_server_that_is_gone_without_a_word_is_noticed(kept: BaseDatabaseWrapper) -> None:
    with socket.socket(fileno=kept.connection.fileno()) as borrowed:
        try:
            assert borrowed.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            probes = borrowed.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT)
            assert borrowed.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) * probes <= 60
            assert borrowed.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        finally:
            borrowed.detach()


def test_a_server_that_takes_no_writes_is_out_of_reach_and_not_a_bug(kept: BaseDatabaseWrapper) -> None:
    ask(kept, "SELECT set_config('default_transaction_read_only', 'on', false)")
    with pytest.raises(InternalError) as raised:
        kept.cursor().execute("DELETE FROM revocation_revocation")
    assert refusal_of(raised.value) == UNAVAILABLE

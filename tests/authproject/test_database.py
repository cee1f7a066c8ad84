from datetime import timedelta

from authproject.database import STATEMENT_TIMEOUT_SECONDS, prepared
from trust.revocation.conf import OVERLAP


def options(engine):
    return prepared({"ENGINE": engine}, test_file="x", conn_max_age=60)


def test_a_request_on_postgresql_cannot_outlast_the_overlap_of_the_revocation_feed():
    given = options("django.db.backends.postgresql")["OPTIONS"]["options"]
    assert "statement_timeout=5000" in given
    assert "idle_in_transaction_session_timeout=5000" in given
    assert timedelta(seconds=2 * STATEMENT_TIMEOUT_SECONDS) < OVERLAP


def test_connections_heal_after_a_restart_of_the_database():
    assert options("django.db.backends.postgresql")["CONN_HEALTH_CHECKS"] is True


def test_sqlite_writes_one_at_a_time_and_reads_meanwhile():
    given = options("django.db.backends.sqlite3")["OPTIONS"]
    assert given["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in given["init_command"]

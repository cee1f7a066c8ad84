"""What the settings say of the two engines."""

from datetime import timedelta
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from authproject.database import STATEMENT_TIMEOUT_SECONDS, prepared
from trust.revocation.conf import OVERLAP


def given(address: str) -> dict[str, Any]:
    return prepared(environ.Env.db_url_config(address), test_file="x", conn_max_age=60)


def test_a_request_on_postgresql_cannot_outlast_the_overlap_of_the_revocation_feed() -> None:
    options = given("postgresql://alice@db/site")["OPTIONS"]["options"]
    assert "statement_timeout=5000" in options
    assert "idle_in_transaction_session_timeout=5000" in options
    assert timedelta(seconds=2 * STATEMENT_TIMEOUT_SECONDS) < OVERLAP


def test_connections_are_kept_and_looked_at_by_our_own_engine() -> None:
    settings = given("postgresql://alice@db/site")
    assert (settings["ENGINE"], settings["CONN_MAX_AGE"]) == ("authproject.postgresql", 60)
    assert settings["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        ("postgresql://alice@db/site?sslmode=verify-full", "sslmode", "verify-full"),
        ("postgresql://alice@db/site?target_session_attrs=any", "target_session_attrs", "any"),
        ("postgresql://alice@db/site?connect_timeout=9", "connect_timeout", 9),
        ("sqlite:////tmp/site.sqlite3?timeout=9", "timeout", 9),
    ],
)
def test_what_the_address_says_comes_first(address: str, name: str, value: object) -> None:
    assert given(address)["OPTIONS"][name] == value


def test_what_the_address_does_not_say_stays() -> None:
    assert "statement_timeout=5000" in given("postgresql://alice@db/site?sslmode=require")["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("address", "hosts", "ports"),
    [
        ("postgresql://alice@db/site", "db", ""),
        ("postgresql://alice@db:6432/site", "db", "6432"),
        ("postgresql://alice:a%2Cb@one,two/site", "one,two", ""),
        ("postgresql://alice@one:5432,two:5433/site?sslmode=require", "one,two", "5432,5433"),
        ("postgresql://alice@[::1]:5432,[::2]:5433/site", "::1,::2", "5432,5433"),
        ("postgresql:///site", "", ""),
    ],
)
def test_the_address_names_one_server_or_several(address: str, hosts: str, ports: str) -> None:
    settings = given(address)
    assert (settings["HOST"], settings["PORT"]) == (hosts, ports)
    assert settings["OPTIONS"]["target_session_attrs"] == "read-write"


@pytest.mark.parametrize("servers", ["one:6432,two", "one,two:6432", "one:1,two:2,three"])
def test_a_port_for_some_of_the_servers_is_refused(servers: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        given(f"postgresql://alice@{servers}/site")


def test_sqlite_writes_one_at_a_time_and_reads_meanwhile() -> None:
    options = given("sqlite:////tmp/site.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]

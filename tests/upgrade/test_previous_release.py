"""The previous release, live and under load, while the database is migrated under it; then both releases at once."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.live_site import LiveSite, free_port
from tests.people import PASSWORD
from tests.upgrade.load import SECRET, Load
from tests.upgrade.release import Release

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SEED = f"""
from django.core.management import call_command
call_command("prepare", verbosity=0)
from accounts.services import people
people.create_person(username="alice", email="alice@example.com", password={PASSWORD!r}, verified=True)
call_command("create_client", client_id="app", client_secret={SECRET!r}, name="App",
    grant_types=["client_credentials"], scopes=["read"])
"""
MIGRATE = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""


def test_no_request_to_the_previous_release_fails_while_the_database_is_migrated(tmp_path: Path, database: str) -> None:
    variables = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "authproject.settings",
        "ISSUER": "http://127.0.0.1",
        "RATE_LIMITS": "off",
        "METRICS_DIR": str(tmp_path / "metrics"),
        "ADMIN_PASSWORD": PASSWORD,
    }
    previous = Release.previous(tmp_path / "previous", **variables)
    this = Release(settings.BASE_DIR, **variables)
    previous.run(SEED)
    with _live(previous) as old_url, Load(old_url) as old_load:
        old_load.wait_for(3)
        this.run(MIGRATE)
        old_load.wait_for(5)
        with _live(this) as new_url:
            new_load = Load(new_url)
            # What one release issued the other takes, and a session goes on at either.
            new_load.access_token, old_load.access_token = old_load.access_token, new_load.access_token
            with new_load:
                new_load.wait_for(5)
                old_load.wait_for(5)
    assert old_load.failed + new_load.failed == []
    assert min(*old_load.done.values(), *new_load.done.values()) >= 5
    assert set(old_load.done) == set(new_load.done) == {"refresh", "sign_in", "introspect", "token"}


@pytest.fixture
def database() -> Iterator[str]:
    """A database of its own on the server of the tests."""
    named = connection.settings_dict
    server = f"postgresql://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}"
    name = f"upgrade_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/{named['NAME']}", autocommit=True) as administrator:
        administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server}/{name}"
        finally:
            administrator.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _live(release: Release) -> Iterator[str]:
    port = free_port()
    site = LiveSite(f"http://127.0.0.1:{port}")
    process = release.serve(port)
    try:
        deadline = time.monotonic() + 120
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline, "it was not ready in time"
            try:
                if site.call("GET", "/health/ready").status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        yield site.url
    finally:
        process.terminate()
        process.wait(timeout=30)

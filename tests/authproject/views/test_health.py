import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from authproject.views import health
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import ring
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known_yet() -> Any:
    health._MIGRATED.clear()
    yield
    health._MIGRATED.clear()


def _failing(client: Client) -> tuple[int, Any]:
    answer = client.get("/health/ready")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json().get("failing")


def test_is_ready_when_every_part_is_there(client: Client) -> None:
    assert _failing(client) == (200, None)


def test_has_read_the_whole_feed_once_it_is_ready(client: Client) -> None:
    assert feed.age() == float("inf")
    client.get("/health/ready")
    assert feed.age() < 5


def test_is_not_ready_before_the_migrations_are_applied(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("limits", "0001_initial")
    assert _failing(client) == (503, "migrations")


@pytest.mark.parametrize("algorithm", Algorithm.values)
def test_is_not_ready_without_a_key_of_each_algorithm(client: Client, algorithm: str) -> None:
    SigningKey.objects.of(algorithm).delete()
    ring.forget()
    assert _failing(client) == (503, "signing_keys")


def test_is_not_ready_while_revocations_cannot_be_read(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE revocation_revocation RENAME TO elsewhere")
    assert _failing(client) == (503, "revocation_feed")


def test_is_live_and_not_ready_without_a_database() -> None:
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "for path in ('/health/live', '/health/ready', '/accounts/login/', '/api/me/'):\n"
        "    client = Client(raise_request_exception=False); client.cookies['sessionid'] = 'a' * 32\n"
        "    answer = client.get(path, headers={'Authorization': 'Bearer e30.e30.e30'})\n"
        "    print(answer.status_code, answer.headers.get('Retry-After'), answer.content[:60])\n"
    )
    root = Path(__file__).resolve().parents[3]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "authproject.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    live, ready, page, api = done.stdout.splitlines()
    assert live.startswith("200")
    assert ready.startswith("503")
    assert '"failing": "database"' in ready
    assert page.startswith("503 2")
    assert api.startswith("503 2")

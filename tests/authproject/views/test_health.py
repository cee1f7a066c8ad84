import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import QuerySet
from django.test import Client
from django_tasks_db.models import DBTaskResult

from authproject.views import health
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import ring
from trust.lib import clock
from trust.mail.tasks import deliver
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known_yet() -> Any:
    health._MIGRATED.clear()
    yield
    health._MIGRATED.clear()


HERE = {"host": "127.0.0.1"}  # as this machine calls, which is told which part it is


def _failing(client: Client) -> tuple[int, Any]:
    answer = client.get("/health/ready", headers=HERE)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json().get("failing")


def test_is_ready_when_every_part_is_there(client: Client) -> None:
    assert _failing(client) == (200, None)


def test_has_read_the_whole_feed_once_it_is_ready(client: Client) -> None:
    assert feed.age() == float("inf")
    client.get("/health/ready", headers=HERE)
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


@pytest.mark.parametrize("headers", [{}, HERE | {"x-forwarded-for": "203.0.113.7"}, {"authorization": "Bearer x"}])
def test_tells_others_whether_it_is_ready_and_nothing_more(client: Client, headers: dict[str, str]) -> None:
    assert client.get("/health/ready", headers=headers).json() == {"status": "ok"}
    SigningKey.objects.of("ES256").delete()
    ring.forget()
    answer = client.get("/health/ready", headers=headers)
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_tells_whoever_has_the_token_of_the_metrics(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "f01c9b3e7a5d8264e3b0c7a19d5f8264b7e2c0a1"
    MigrationRecorder(connection).record_unapplied("limits", "0001_initial")
    bearer = {"authorization": f"Bearer {settings.METRICS_TOKEN}"}
    assert client.get("/health/ready", headers=bearer).json()["failing"] == "migrations"
    assert client.get("/health/ready", headers=HERE).json() == {"status": "unavailable"}


def test_jobs_that_nobody_works_off_are_told_and_take_no_node_away(client: Client) -> None:
    deliver.enqueue("c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f", 1)
    assert client.get("/health/ready", headers=HERE).json() == {"status": "ok"}
    long_ago = clock.now() - timedelta(seconds=health.LONGEST_WAIT + 1)
    QuerySet(DBTaskResult).update(enqueued_at=long_ago)
    answer = client.get("/health/ready", headers=HERE)
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "failing": "jobs"})
    assert client.get("/health/ready").json() == {"status": "ok"}


def test_redis_away_is_told_and_takes_no_node_away(client: Client, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "trust.lib.cache.FallbackRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = client.get("/health/ready", headers=HERE)
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "failing": "cache"})


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_probe_costs_few_statements(client: Client, path: str, django_assert_max_num_queries: Any) -> None:
    client.get("/health/ready")
    with django_assert_max_num_queries(0 if path == "/health/live" else 3):
        assert client.get(path).status_code == 200


def test_is_live_and_not_ready_without_a_database() -> None:
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "for path in ('/health/live', '/health/ready', '/accounts/login/', '/api/me/'):\n"
        "    client = Client(raise_request_exception=False); client.cookies['sessionid'] = 'a' * 32\n"
        "    answer = client.get(path, headers={'Host': '127.0.0.1', 'Authorization': 'Bearer e30.e30.e30'})\n"
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

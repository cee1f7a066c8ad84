"""What the site is like: keys, jobs and the feed, with the database and without."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from authproject.metrics.site import SiteCollector
from tests.authproject.metrics.scraped import HOUSE, Scrape
from tests.broken_database import broken_database
from trust.keys.models import Algorithm, SigningKey
from trust.keys.rotation import rotate
from trust.lib import clock
from trust.mail.tasks import deliver
from trust.revocation.feed import feed

KEY_END = "authproject_signing_key_end_timestamp_seconds"
DUE, OLDEST = "authproject_jobs_due", "authproject_jobs_oldest_due_age_seconds"


def _site(collector: SiteCollector | None = None) -> Scrape:
    return Scrape((collector or SiteCollector()).collect())


def _job(status: str = "READY", **named: Any) -> None:
    deliver.enqueue("c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f", 1)
    job = DBTaskResult.objects.latest("enqueued_at")
    QuerySet(DBTaskResult).filter(pk=job.pk).update(status=status, **named)


@pytest.mark.django_db
def test_tells_when_the_present_key_of_each_algorithm_ends() -> None:
    ends = {key.algorithm: key.signs_until.timestamp() for key in SigningKey.objects.all()}
    found = _site()
    assert {algorithm: found.value(KEY_END, algorithm=algorithm) for algorithm in Algorithm.values} == ends
    begins = {key.algorithm: key.signs_from.timestamp() for key in SigningKey.objects.all()}
    name = "authproject_signing_key_begin_timestamp_seconds"
    assert {algorithm: found.value(name, algorithm=algorithm) for algorithm in Algorithm.values} == begins


@pytest.mark.django_db
def test_a_key_that_only_will_sign_is_not_the_present_one() -> None:
    before = _site().value(KEY_END, algorithm="ES256")
    rotate(now=clock.now())
    assert SigningKey.objects.of("ES256").count() == 2
    assert _site().value(KEY_END, algorithm="ES256") <= before


@pytest.mark.django_db
def test_an_algorithm_without_a_key_is_not_told() -> None:
    SigningKey.objects.of("EdDSA").delete()
    assert {"algorithm": "EdDSA"} not in _site().series(KEY_END)


@pytest.mark.django_db
def test_tells_how_many_jobs_are_due_and_since_when_the_first() -> None:
    now = clock.now()
    _job(enqueued_at=now - timedelta(minutes=9))
    _job(enqueued_at=now - timedelta(hours=5), run_after=now - timedelta(minutes=2))  # tried again
    _job(enqueued_at=now - timedelta(hours=9), run_after=now + timedelta(hours=1))
    _job("RUNNING", enqueued_at=now - timedelta(hours=9))
    found = _site()
    assert found.value(DUE, queue="mail") == 2
    assert found.value(OLDEST, queue="mail") == pytest.approx(540, abs=20)
    assert found.series(DUE) == [{"queue": queue} for queue in settings.TASKS["default"]["QUEUES"]]
    assert (found.value(DUE, queue="logout"), found.value(OLDEST, queue="logout")) == (0, 0)


@pytest.mark.django_db
def test_a_queue_that_there_is_not_makes_no_series() -> None:
    _job(queue_name="made-up")
    assert {"queue": "made-up"} not in _site().series(DUE)


@pytest.mark.django_db
def test_reads_the_database_once_for_scrapes_that_come_often(django_assert_num_queries: Any) -> None:
    collector = SiteCollector()
    _site(collector)
    feed.refresh_after = 60
    with django_assert_num_queries(0):
        again = _site(collector)
    assert again.value("authproject_database_up") == 1


@pytest.mark.django_db
def test_tells_the_age_of_the_feed_after_reading_it() -> None:
    assert feed.age() == float("inf")
    assert _site().value("authproject_revocation_feed_age_seconds") < 5


@pytest.fixture
def gone(transactional_db: None) -> Iterator[None]:
    with broken_database():
        yield


@pytest.mark.usefixtures("gone")
def test_without_the_database_the_rest_is_told() -> None:
    found = _site()
    assert found.value("authproject_database_up") == 0
    assert found.value("authproject_revocation_feed_age_seconds") == float("inf")
    assert not found.series(KEY_END) + found.series(DUE)


def test_a_scrape_is_answered_without_the_database() -> None:
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client(headers={'Host': 'localhost'}); client.get('/health/live'); answer = client.get('/metrics')\n"
        "print(answer.status_code, b'authproject_database_up 0.0' in answer.content, b'health_live' in answer.content)"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "authproject.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
    }
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["200", "True", "True"]

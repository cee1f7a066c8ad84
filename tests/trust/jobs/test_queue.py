"""Jobs that wait once, jobs whose worker was killed, and jobs that are long done."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from tests.at_once import at_once
from trust.jobs import queue
from trust.jobs.conf import FINISHED_KEPT, MOST_BEGINNINGS, STUCK_AFTER
from trust.lib import clock
from trust.mail.tasks import deliver

NOW = clock.now()


def _job(status: str, **named: Any) -> DBTaskResult:
    deliver.enqueue("c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f", 1)
    job = DBTaskResult.objects.latest("enqueued_at")
    QuerySet(DBTaskResult).filter(pk=job.pk).update(status=status, **named)
    return job


@pytest.mark.django_db
def test_a_job_waits_once() -> None:
    assert queue.ensure_waiting(deliver, run_after=NOW)
    assert not queue.ensure_waiting(deliver, run_after=NOW + timedelta(days=1))
    assert DBTaskResult.objects.get().run_after == NOW


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["RUNNING", "SUCCESSFUL", "FAILED"])
def test_a_job_that_was_begun_does_not_wait(status: str) -> None:
    _job(status)
    assert queue.ensure_waiting(deliver, run_after=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_enqueues() -> None:
    assert sum(at_once(6, lambda: queue.ensure_waiting(deliver, run_after=NOW))) == 1
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db
def test_a_job_whose_worker_was_killed_is_begun_again_and_one_that_runs_is_left() -> None:
    stuck = _job("RUNNING", started_at=NOW - STUCK_AFTER - timedelta(seconds=1), worker_ids=["a"])
    running = _job("RUNNING", started_at=NOW - STUCK_AFTER + timedelta(seconds=60), worker_ids=["b"])
    assert queue.begin_again_what_is_stuck(now=NOW) == 1
    assert set(DBTaskResult.objects.ready()) == {stuck}
    assert set(DBTaskResult.objects.running()) == {running}


@pytest.mark.django_db
def test_a_job_that_was_begun_too_often_is_given_up() -> None:
    workers = [str(number) for number in range(MOST_BEGINNINGS)]
    _job("RUNNING", started_at=NOW - timedelta(days=1), worker_ids=workers)
    queue.begin_again_what_is_stuck(now=NOW)
    job = DBTaskResult.objects.get()
    assert (job.status, job.finished_at) == ("FAILED", NOW)


@pytest.mark.django_db
def test_deletes_what_ended_a_while_ago() -> None:
    long_ago = NOW - FINISHED_KEPT - timedelta(seconds=1)
    for status in ("SUCCESSFUL", "FAILED"):
        _job(status, finished_at=long_ago)
    kept = [_job("SUCCESSFUL", finished_at=NOW), _job("READY"), _job("RUNNING", started_at=long_ago)]
    assert queue.clear(now=NOW) == 2
    assert set(DBTaskResult.objects.all()) == set(kept)

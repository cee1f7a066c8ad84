"""The worker sees to it that the daily work waits, and that jobs of killed workers are begun again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from oauth.services import housekeeping
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.lib import clock
from trust.mail.tasks import deliver

pytestmark = pytest.mark.django_db


def work() -> None:
    """Run what waits, as the worker does; the test's connection must outlive it."""
    with (
        patch("django_tasks_db.management.commands.db_worker.close_old_connections"),
        patch("django_tasks_db.management.commands.db_worker.Worker.configure_signals"),
    ):
        call_command("db_worker", batch=True, queue_name="*", startup_delay=False, reload=False, verbosity=0)


def _states() -> list[str]:
    return sorted(DBTaskResult.objects.values_list("status", flat=True))


def test_does_the_daily_and_the_hourly_work_at_its_first_start_and_leaves_the_next_waiting() -> None:
    work()
    assert _states() == ["READY", "READY", "SUCCESSFUL", "SUCCESSFUL"]
    done = DBTaskResult.objects.get(status="SUCCESSFUL", task_path__endswith=".daily")
    assert done.return_value["sessions"] == 0
    work()
    assert _states() == ["READY", "READY", "SUCCESSFUL", "SUCCESSFUL"]


def test_begins_again_what_a_killed_worker_left() -> None:
    housekeeping.ensure_daily(first=clock.now())
    DBTaskResult.objects.update(status="RUNNING", started_at=clock.now() - timedelta(hours=1), worker_ids=["killed"])
    work()
    assert _states() == ["READY", "READY", *["SUCCESSFUL"] * 4]


@pytest.mark.parametrize("begun", [1, 5])
def test_begins_again_what_was_of_too_new_a_kind_for_the_worker_before(begun: int) -> None:
    """The kind is unknown here too, so that it fails once more: what counts is that it was tried, and not for ever."""
    deliver.enqueue("c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f", 1)
    DBTaskResult.objects.update(task_path="trust.tomorrow.tasks.do", worker_ids=["old"] * (begun - 1))
    work()
    job = DBTaskResult.objects.get(task_path="trust.tomorrow.tasks.do")
    assert (job.status, len(job.worker_ids)) == ("FAILED", begun)
    work()
    job.refresh_from_db()
    assert (job.status, len(job.worker_ids)) == ("FAILED", min(begun + 1, 5))


def test_a_worker_that_ends_with_its_last_job_seals_the_trail() -> None:
    record("session.started")
    work()
    assert not AuditEvent.objects.unsealed().exists()
    assert AuditEvent.objects.sealed().exists()

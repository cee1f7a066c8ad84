"""The worker sees to it that the daily work waits, and that jobs of killed workers are begun again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from oauth.services import housekeeping
from trust.lib import clock

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

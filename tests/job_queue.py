"""A queue of jobs, run by the tests themselves instead of the worker."""

from datetime import timedelta
from unittest.mock import patch

from django.db.models import F
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max


def run_queue(*names: str, later: timedelta = timedelta(0)) -> None:
    """Run what `db_worker --batch --queue-name` would run of these queues after `later`; what failed has failed."""
    deferred = DBTaskResult.objects.filter(status="READY").exclude(run_after=get_date_max())
    deferred.update(run_after=F("run_after") - later)
    worker = Worker(
        queue_names=list(names),
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="tests",
        excluded_queue_names=[],
    )
    # As Django's own test client does: the test's connection, with its open transaction, must outlive the call.
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
        worker.run()

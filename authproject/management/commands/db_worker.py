"""`manage.py db_worker`: the library's worker of the job queue, which first sees to what should be in it."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from oauth.services import housekeeping
from trust.jobs import queue
from trust.lib import clock


class Command(db_worker.Command):
    """Run jobs. The daily work waits in the queue from now on, and what a killed worker left is begun again."""

    def handle(self, **options: Any) -> None:
        """See to the queue, then work."""
        housekeeping.ensure_daily(first=clock.now())
        queue.begin_again_what_is_stuck(now=clock.now())
        super().handle(**options)

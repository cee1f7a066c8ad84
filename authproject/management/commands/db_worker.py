"""`manage.py db_worker`: the library's worker of the job queue, which first sees to what should be in it.

Beside the jobs it seals the audit trail. However many workers there are, one at a time does.
"""

import os
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from django_tasks_db.management.commands import db_worker

from oauth.services import housekeeping
from trust.audit import sealer
from trust.audit.sealing_thread import SealingThread, tell_how_far
from trust.jobs import queue
from trust.lib import clock


class Command(db_worker.Command):
    """Run jobs. The daily work waits in the queue from now on, and what a killed worker left is begun again."""

    def handle(self, **options: Any) -> None:
        """See to the queue, then work. A worker that ends with its last job seals what that recorded."""
        housekeeping.ensure_daily(first=clock.now())
        queue.begin_again_what_is_stuck(now=clock.now())
        queue.begin_again_what_was_unknown()
        if options["batch"]:
            super().handle(**options)
            if sealer.seal_waiting():
                tell_how_far()
            return
        sealing = None if _is_reloader_alone(options) else SealingThread()
        if sealing:
            sealing.start()
        super().handle(**options)
        if sealing:
            sealing.stop()


def _is_reloader_alone(options: dict[str, Any]) -> bool:
    """Tell whether this process only watches files, and starts another that works."""
    return bool(options["reload"]) and os.environ.get(DJANGO_AUTORELOAD_ENV) != "true"

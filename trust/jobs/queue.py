"""What the queue lacks: a job that waits once whoever asks for it, and jobs that outlive the worker that began them."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django_tasks.base import Task

from trust.jobs import models
from trust.jobs.conf import FINISHED_KEPT, MOST_BEGINNINGS, STUCK_AFTER
from trust.lib.batches import Shift, delete_in_batches
from trust.lib.locks import hold_until_commit

log = logging.getLogger(__name__)


@transaction.atomic
def ensure_waiting(task: "Task[[], Any]", *, run_after: datetime) -> bool:
    """Enqueue a job of `task` unless one waits already, however many processes ask at once; tell whether it did.

    A job that enqueues its next run by this, before it does anything else, makes one chain that nothing doubles.
    """
    hold_until_commit("jobs.waiting")
    if models.waiting(task.module_path).exists():
        return False
    task.using(run_after=run_after).enqueue()
    return True


@transaction.atomic
def begin_again_what_is_stuck(*, now: datetime) -> int:
    """Put jobs back whose worker was killed, and give up those that were begun too often; return how many."""
    stuck = list(models.stuck_since(now - STUCK_AFTER).select_for_update(skip_locked=True))
    for job in stuck:
        given_up = len(job.worker_ids) >= MOST_BEGINNINGS
        job.status, job.finished_at = ("FAILED", now) if given_up else ("READY", None)
        job.save(update_fields=["status", "finished_at"])
        log.warning("job %s (%s) was left by its worker; %s", job.pk, job.task_path, job.status)
    return len(stuck)


@transaction.atomic
def begin_again_what_was_unknown() -> int:
    """Put jobs back that a worker of the release before could not do; return how many.

    While an upgrade is under way, nodes of both releases ask for jobs, and workers of both take them.
    """
    again = 0
    for job in models.unknown_to_their_worker().select_for_update(skip_locked=True):
        if len(job.worker_ids) < MOST_BEGINNINGS:
            job.status, job.finished_at = "READY", None
            job.save(update_fields=["status", "finished_at"])
            again += 1
    return again


def clear(*, now: datetime, shift: Shift | None = None) -> int:
    """Delete the jobs that ended a while ago, as many as the shift has time for; return how many there were."""
    return delete_in_batches(models.ended_before(now - FINISHED_KEPT), shift=shift)


def clear_of(task: "Task[..., Any]", *, before: datetime, shift: Shift | None = None) -> int:
    """Delete the jobs of one task that ended before a moment: of those that run every few seconds."""
    return delete_in_batches(models.ended_of(task.module_path, before=before), shift=shift)

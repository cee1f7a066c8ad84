"""Queries on the queue's rows, which the library keeps (docs/decisions/0006)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult


def waiting(task_path: str) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs of a task that no worker has begun."""
    return DBTaskResult.objects.filter(task_path=task_path, status="READY")


def ended_before(moment: datetime) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that ended, well or not, before `moment`."""
    finished: QuerySet[DBTaskResult[..., Any]] = DBTaskResult.objects.finished().filter(finished_at__lt=moment)
    return finished


def stuck_since(moment: datetime) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that a worker began before `moment` and never ended: it was killed."""
    running: QuerySet[DBTaskResult[..., Any]] = DBTaskResult.objects.running().filter(started_at__lt=moment)
    return running

"""Queries on the queue's rows, which the library keeps (docs/decisions/0006)."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Min, QuerySet, When
from django_tasks_db.models import DBTaskResult, get_date_max


def waiting(task_path: str) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs of a task that no worker has begun."""
    return DBTaskResult.objects.filter(task_path=task_path, status="READY")


def ended_before(moment: datetime) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that ended, well or not, before `moment`."""
    finished: QuerySet[DBTaskResult[..., Any]] = DBTaskResult.objects.finished().filter(finished_at__lt=moment)
    return finished.order_by()  # the library's order has no index among these


def ended_of(task_path: str, *, before: datetime) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs of one task that ended, well or not, before a moment."""
    finished: QuerySet[DBTaskResult[..., Any]] = ended_before(before).filter(task_path=task_path)
    return finished


def stuck_since(moment: datetime) -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that a worker began before `moment` and never ended: it was killed."""
    running: QuerySet[DBTaskResult[..., Any]] = DBTaskResult.objects.running().filter(started_at__lt=moment)
    return running


def unknown_to_their_worker() -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that were given up since their worker had no such task: it was of the release before."""
    missing = ("builtins.ModuleNotFoundError", "builtins.ImportError")
    found: QuerySet[DBTaskResult[..., Any]] = failed().filter(exception_class_path__in=missing)
    return found


def failed() -> "QuerySet[DBTaskResult[..., Any]]":
    """Jobs that were given up."""
    given_up: QuerySet[DBTaskResult[..., Any]] = DBTaskResult.objects.failed().order_by()
    return given_up


def due() -> "QuerySet[DBTaskResult[..., Any], tuple[str, int, datetime]]":
    """Of each queue that has jobs which are due and not begun: its name, how many, and since when the first."""
    since = Case(
        When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"), output_field=DateTimeField()
    )
    by_queue = DBTaskResult.objects.ready().order_by().values("queue_name")
    counted: QuerySet[DBTaskResult[..., Any], tuple[str, int, datetime]] = by_queue.annotate(
        waiting=Count("pk"), first=Min(since)
    ).values_list("queue_name", "waiting", "first")
    return counted

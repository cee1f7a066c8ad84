"""The mail queue, run by the tests themselves instead of the worker."""

from datetime import timedelta
from unittest.mock import patch

from django.core import mail
from django.core.mail import EmailMessage
from django.db.models import F
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max


def deliver_mail(later: timedelta = timedelta(0)) -> list[EmailMessage]:
    """Run what `db_worker --batch --queue-name mail` would run after `later`; return what was sent to memory."""
    deferred = DBTaskResult.objects.filter(status="READY").exclude(run_after=get_date_max())
    deferred.update(run_after=F("run_after") - later)
    before = len(mail.outbox)
    worker = Worker(
        queue_names=["mail"],
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
    return mail.outbox[before:]

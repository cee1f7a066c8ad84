"""The mail queue, run by the tests themselves instead of the worker."""

from datetime import timedelta

from django.core import mail
from django.core.mail import EmailMessage

from tests.job_queue import run_queue


def deliver_mail(later: timedelta = timedelta(0)) -> list[EmailMessage]:
    """Run what `db_worker --batch --queue-name mail` would run after `later`; return what was sent to memory."""
    before = len(mail.outbox)
    run_queue("mail", later=later)
    return mail.outbox[before:]

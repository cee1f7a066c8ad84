"""Delivery, run by the worker: tried with growing waits for about a day, then given up.

The job of the next attempt is written before this one begins, so a worker that dies while sending loses nothing;
a mail may then arrive twice, with the same Message-ID. Jobs hold the mail's id alone, and nothing that is logged
or kept of a failure names an address.
"""

import logging
import uuid

from django.db import transaction
from django_tasks import task

from trust.audit.record import record
from trust.lib import clock
from trust.mail.conf import ATTEMPTS, QUEUE, wait_after
from trust.mail.message import unseal_message
from trust.mail.models import OutgoingMail
from trust.mail.transport import open_transport

log = logging.getLogger(__name__)


@task(queue_name=QUEUE)
def deliver(mail_id: str, attempt: int) -> None:
    """Make one attempt at one mail; nothing happens if it was delivered or this attempt was made."""
    identifier = uuid.UUID(mail_id)
    if attempt > ATTEMPTS:
        _give_up(identifier)
    elif _begin(identifier, attempt) and _send(identifier, attempt):
        OutgoingMail.objects.by_id(identifier).delete()


@transaction.atomic
def _begin(mail_id: uuid.UUID, attempt: int) -> bool:
    if not OutgoingMail.objects.claim(mail_id, attempt=attempt):
        return False
    deliver.using(run_after=clock.now() + wait_after(attempt)).enqueue(str(mail_id), attempt + 1)
    return True


def _send(mail_id: uuid.UUID, attempt: int) -> bool:
    mail = OutgoingMail.objects.get(pk=mail_id)
    try:
        open_transport().send_messages([unseal_message(mail.sealed)])
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is tried again, and its text may name an address
        log.warning("mail %s: attempt %d failed: %s", mail_id, attempt, type(failure).__name__)
        return False
    return True


@transaction.atomic
def _give_up(mail_id: uuid.UUID) -> None:
    deleted, _ = OutgoingMail.objects.by_id(mail_id).delete()
    if deleted:
        log.error("mail %s was given up after %d attempts", mail_id, ATTEMPTS)
        record("mail.given_up", details={"mail": str(mail_id), "attempts": ATTEMPTS})

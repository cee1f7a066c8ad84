"""Django's e-mail backend of the house: a transactional outbox.

A mail is written in the transaction of what it speaks of, so that it goes if and only if that holds, and the
page answers the same and as fast whether or not the mail server does.
"""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from trust.mail.message import seal_message
from trust.mail.models import OutgoingMail
from trust.mail.tasks import deliver


class QueuedEmailBackend(BaseEmailBackend):
    """Puts mail into the outbox and leaves sending to the worker."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message and its job, all or none; return how many. Raises BadHeaderError."""
        addressed = [message for message in email_messages if message.recipients()]
        with transaction.atomic():
            for message in addressed:
                _put(message)
        return len(addressed)


def _put(message: EmailMessage) -> None:
    mail_id = uuid.uuid4()
    OutgoingMail.objects.create(id=mail_id, sealed=seal_message(message, mail_id=mail_id))
    deliver.enqueue(str(mail_id), 1)

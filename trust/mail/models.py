"""The outbox: a mail between the transaction that asked for it and its delivery. Sealed, for it holds bearer links."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Mails by id and attempt."""

    def claim(self, mail_id: uuid.UUID, *, attempt: int) -> bool:
        """Take a mail for this attempt; False if it is gone or the attempt was taken already."""
        return self.filter(pk=mail_id, attempts=attempt - 1).update(attempts=attempt) == 1

    def by_id(self, mail_id: uuid.UUID) -> "OutgoingMailQuerySet":
        """The mail of this id."""
        return self.filter(pk=mail_id)


class OutgoingMail(models.Model):
    """One mail, deleted when it is delivered or given up. Jobs hold its id alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.TextField(_("sealed message"), editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        """Read by primary key only."""

        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")

    def __str__(self) -> str:
        """Name the mail by its id: neither address nor text."""
        return str(self.pk)

"""An audit event: what happened, with the personal fields beside a salt so that they can be erased later.

Rows are inserted unchained. A sealer chains committed rows in batches: `chain_hash` covers the row's other
columns and `personal_digest` = H(salt, personal fields), so that erasing the fields and the salt keeps it valid.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events by person and by kind."""

    def about(self, subject: uuid.UUID) -> "AuditEventQuerySet":
        """Events of one person's account, the newest first."""
        return self.filter(subject=subject).order_by("-id")

    def of_action(self, action: str) -> "AuditEventQuerySet":
        """Events of one kind, the newest first."""
        return self.filter(action=action).order_by("-id")


class AuditEvent(models.Model):
    """One event. Ids are kept as values, not as foreign keys: the trail outlives what it speaks of."""

    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=64)
    subject = models.UUIDField(_("person"), null=True)
    actor = models.UUIDField(_("acting person"), null=True)
    session = models.UUIDField(_("session"), null=True)
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    details = models.JSONField(_("details"), default=dict)
    # Personal fields: erased with the salt when a person is erased.
    salt = models.BinaryField(_("salt"), max_length=16, null=True, editable=False)
    personal_digest = models.BinaryField(_("digest of the personal fields"), max_length=32, editable=False)
    client_address = models.CharField(_("client address"), max_length=45, blank=True)
    user_agent = models.CharField(_("user agent"), max_length=255, blank=True)
    identifier = models.CharField(_("name or address given"), max_length=254, blank=True)
    # Written by the sealer only.
    sequence = models.BigIntegerField(_("place in the chain"), null=True, unique=True, editable=False)
    chain_hash = models.BinaryField(_("chain hash"), max_length=32, null=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        """Read by person and by action, newest first; the sealer reads what has no place yet."""

        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(name="audit_by_subject", fields=["subject", "-id"]),
            models.Index(name="audit_by_action", fields=["action", "-id"]),
            models.Index(name="audit_unsealed", fields=["id"], condition=models.Q(sequence__isnull=True)),
        ]

    def __str__(self) -> str:
        """Name the event without its personal fields."""
        return f"{self.action} {self.at:%Y-%m-%d %H:%M:%S}"

"""An audit event: what happened, with the personal fields beside a salt so that they can be erased later.

Rows are inserted unchained. A sealer chains committed rows in batches: `chain_hash` covers the row's other
columns and `personal_digest` = H(salt, personal fields), so that erasing the fields and the salt keeps it valid.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events by person and by kind."""

    def about(self, subject: uuid.UUID) -> "AuditEventQuerySet":
        """Events of one person's account, the newest first."""
        return self.filter(subject=subject).order_by("-id")

    def of_action(self, action: str) -> "AuditEventQuerySet":
        """Events of one kind, the newest first."""
        return self.filter(action=action).order_by("-id")

    def done_by(self, actor: uuid.UUID) -> "AuditEventQuerySet":
        """Events that one person did to others, the newest first."""
        return self.filter(actor=actor).order_by("-id")

    def naming(self, addresses: Collection[str]) -> "AuditEventQuerySet":
        """Events at which one of these addresses was given, whatever its case."""
        folded = self.exclude(identifier="").alias(folded=Lower("identifier"))
        return folded.filter(folded__in=[address.lower() for address in addresses])

    def of_others(self, subject: uuid.UUID) -> "AuditEventQuerySet":
        """Events that are not about this person's account."""
        return self.exclude(subject=subject)

    def but_for_actions(self, actions: Collection[str]) -> "AuditEventQuerySet":
        """Events of all kinds but these."""
        return self.exclude(action__in=actions)

    def before(self, event_id: int) -> "AuditEventQuerySet":
        """Events older than this one."""
        return self.filter(pk__lt=event_id)

    def since(self, moment: datetime) -> "AuditEventQuerySet":
        """Events from `moment` on."""
        return self.filter(at__gte=moment)

    def by_ids(self, ids: Sequence[int]) -> "AuditEventQuerySet":
        """These events."""
        return self.filter(pk__in=ids)

    def with_personal_fields(self) -> "AuditEventQuerySet":
        """Events whose personal fields were not erased."""
        return self.filter(salt__isnull=False)

    def forget(self) -> int:
        """Erase the personal fields of these events, and the salt with them."""
        return self.update(salt=None, client_address="", user_agent="", identifier="")


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
    sequence = models.BigIntegerField(_("place in the chain"), null=True, editable=False)
    chain_hash = models.BinaryField(_("chain hash"), max_length=32, null=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        """Read by person and by action, newest first; who is erased is also found by what they did and were called.

        Nothing is in a chain yet, so its places cost an insert no index: what has none is in none.
        """

        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(name="audit_by_subject", fields=["subject", "-id"]),
            models.Index(name="audit_by_action", fields=["action", "-id"]),
            models.Index(name="audit_by_actor", fields=["actor", "-id"], condition=models.Q(actor__isnull=False)),
            models.Index(Lower("identifier"), name="audit_by_identifier", condition=~models.Q(identifier="")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="audit_sequence_once", fields=["sequence"], condition=models.Q(sequence__isnull=False)
            )
        ]

    def __str__(self) -> str:
        """Name the event without its personal fields."""
        return f"{self.action} {self.at:%Y-%m-%d %H:%M:%S}"

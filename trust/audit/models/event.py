"""An audit event: what happened, with the personal fields beside a salt so that they can be erased later.

Rows are inserted unchained. A sealer chains committed rows in batches: `chain_hash` covers the row's other
columns and `personal_digest` = H(salt, personal fields), so that erasing the fields and the salt keeps it valid.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from trust.audit.models.moments import DISORDER, first_id_since

_RECENT: Final = 5_000  # events that wait for the sealer: more only if there is no worker


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

    def of_session(self, session: uuid.UUID) -> "AuditEventQuerySet":
        """Events of one session, the newest first."""
        return self._sealed_or_recent(session=session)

    def of_client(self, client_id: str) -> "AuditEventQuerySet":
        """Events of one client, the newest first."""
        return self._sealed_or_recent(client_id=client_id)

    def _sealed_or_recent(self, **named: object) -> "AuditEventQuerySet":
        """Find what is sealed by its index, and the rest among the last that are not: they have no index of this."""
        recent = self.model.objects.unsealed().reverse().values("pk", *named)[:_RECENT]
        keys = [row["pk"] for row in recent if all(row[name] == value for name, value in named.items())]
        return self.filter(models.Q(**named, sequence__isnull=False) | models.Q(pk__in=keys)).order_by("-id")

    def before(self, event_id: int) -> "AuditEventQuerySet":
        """Events older than this one."""
        return self.filter(pk__lt=event_id)

    def since(self, moment: datetime) -> "AuditEventQuerySet":
        """Events from `moment` on."""
        return self.filter(at__gte=moment)

    def from_moment(self, moment: datetime) -> "AuditEventQuerySet":
        """Events from `moment` on, found by their ids."""
        first = first_id_since(self.model.objects.all(), moment - DISORDER)
        return self.filter(pk__gte=first, at__gte=moment)

    def until_moment(self, moment: datetime) -> "AuditEventQuerySet":
        """Events before `moment`, found by their ids."""
        behind = first_id_since(self.model.objects.all(), moment + DISORDER)
        return self.filter(pk__lt=behind, at__lt=moment)

    def behind(self, event_id: int) -> "AuditEventQuerySet":
        """Events with higher ids."""
        return self.filter(pk__gt=event_id)

    def by_ids(self, ids: Sequence[int]) -> "AuditEventQuerySet":
        """These events."""
        return self.filter(pk__in=ids)

    def with_personal_fields(self) -> "AuditEventQuerySet":
        """Events whose personal fields were not erased."""
        return self.filter(salt__isnull=False)

    def sealed_after(self, sequence: int) -> "AuditEventQuerySet":
        """Events that are in the chain behind this place, in its order. What follows the trail reads it so.

        Places are given once, in order and without gaps, to rows that are committed: whoever remembers the last place
        that they read misses nothing.
        """
        return self.filter(sequence__gt=sequence).order_by("sequence")

    def sealed(self) -> "AuditEventQuerySet":
        """Events that are in the chain, in its order."""
        return self.filter(sequence__isnull=False).order_by("sequence")

    def hash_at(self, sequence: int) -> bytes | None:
        """Return the chain hash at a place, or None if nothing is there."""
        found = self.filter(sequence=sequence).values_list("chain_hash", flat=True).first()
        return None if found is None else bytes(found)

    def sealed_up_to(self, sequence: int) -> "AuditEventQuerySet":
        """Events that are in the chain up to this place, in its order."""
        return self.filter(sequence__lte=sequence).order_by("sequence")

    def unsealed(self, *, after: int = 0) -> "AuditEventQuerySet":
        """Events that are not in the chain yet, with ids behind `after`, in the order of their ids."""
        return self.filter(sequence__isnull=True, pk__gt=after).order_by("pk")

    def highest_id(self) -> int:
        """Return the highest id that is committed, and 0 if there is none."""
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def in_no_place(self) -> "AuditEventQuerySet":
        """Events with a chain hash and no place, or one before the first: nobody here makes such."""
        return self.filter(models.Q(sequence__isnull=True, chain_hash__isnull=False) | models.Q(sequence__lt=1))

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
        """Read by person and by what else staff look for, newest first; the erased also by what they were called.

        What is not sealed yet is few rows: their index stays small, however long the trail is. By session and by client
        only sealed ones are found by an index: so an insert pays nothing for it, and the sealer does.
        """

        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        permissions = [("export_auditevent", _("Can export audit events"))]
        indexes = [
            models.Index(name="audit_by_subject", fields=["subject", "-id"]),
            models.Index(name="audit_by_action", fields=["action", "-id"]),
            models.Index(name="audit_by_actor", fields=["actor", "-id"], condition=models.Q(actor__isnull=False)),
            models.Index(Lower("identifier"), name="audit_by_identifier", condition=~models.Q(identifier="")),
            models.Index(
                name="audit_by_session",
                fields=["session", "-id"],
                condition=models.Q(session__isnull=False, sequence__isnull=False),
            ),
            models.Index(
                name="audit_by_client",
                fields=["client_id", "-id"],
                condition=~models.Q(client_id="") & models.Q(sequence__isnull=False),
            ),
            models.Index(name="audit_unsealed", fields=["id"], condition=models.Q(sequence__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="audit_sequence_once", fields=["sequence"], condition=models.Q(sequence__isnull=False)
            )
        ]

    def __str__(self) -> str:
        """Name the event without its personal fields."""
        return f"{self.action} {self.at:%Y-%m-%d %H:%M:%S}"

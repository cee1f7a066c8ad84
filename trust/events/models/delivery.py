"""A delivery: one event on its way to one receiver. It holds names alone: no address, no secret, no token."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trust.events.conf import LONGEST_OUTCOME
from trust.events.models.receiver import Receiver
from trust.events.vocabulary import EventType
from trust.lib.clock import DatabaseNow


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by state. A state is left by compare-and-set alone."""

    def by_pks(self, pks: "list[int]") -> "DeliveryQuerySet":
        """These deliveries."""
        return self.filter(pk__in=pks)

    def of_id(self, jti: uuid.UUID) -> "DeliveryQuerySet":
        """The delivery of this ID."""
        return self.filter(jti=jti)

    def to(self, receiver: uuid.UUID) -> "DeliveryQuerySet":
        """Those to one receiver."""
        return self.filter(receiver=receiver)

    def are_many(self, most: int) -> bool:
        """Tell whether there are more than `most`, without counting them."""
        return self.order_by("-pk")[most : most + 1].exists()

    def waiting(self) -> "DeliveryQuerySet":
        """Those that are still to be delivered."""
        return self.filter(state=Delivery.State.WAITING)

    def given_up(self) -> "DeliveryQuerySet":
        """The dead letters."""
        return self.filter(state=Delivery.State.GIVEN_UP)

    def due(self) -> "DeliveryQuerySet":
        """Those that are to be tried now, in their order."""
        return self.waiting().filter(due_at__lte=DatabaseNow()).order_by("pk")

    def tests(self) -> "DeliveryQuerySet":
        """Test events, which staff wait for."""
        return self.filter(sequence__isnull=True)

    def of_the_trail(self) -> "DeliveryQuerySet":
        """All others."""
        return self.filter(sequence__isnull=False)

    def waiting_since(self, moment: datetime) -> "DeliveryQuerySet":
        """Those that have waited since `moment` or longer, in the order of an index."""
        return self.waiting().filter(waits_since__lte=moment).order_by("receiver", "pk")

    def ended_before(self, state: "Delivery.State", moment: datetime) -> "DeliveryQuerySet":
        """Those that ended so before `moment`, the first first."""
        return self.filter(state=state, ended_at__lte=moment).order_by("ended_at")

    def begin_attempt(self, delivery: "Delivery") -> bool:
        """Take the next attempt at a delivery; False if somebody took it, or it is over."""
        mine = self.waiting().filter(pk=delivery.pk, attempts=delivery.attempts)
        return mine.update(attempts=delivery.attempts + 1, attempted_at=DatabaseNow()) == 1


class Delivery(models.Model):
    """One event for one receiver. `jti` stays the same however often it is sent."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    jti = models.UUIDField(_("ID"), unique=True, default=uuid.uuid4, editable=False)
    receiver = models.ForeignKey(
        Receiver,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,  # an index below begins with it
        verbose_name=_("receiver"),
    )
    sequence = models.BigIntegerField(_("place in the chain"), null=True, editable=False)
    event = models.CharField(_("event"), max_length=32, choices=EventType.choices)
    at = models.DateTimeField(_("at"))
    subject = models.UUIDField(_("person"), null=True)
    claims = models.JSONField(_("claims"), default=dict)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created = models.DateTimeField(_("created"))
    waits_since = models.DateTimeField(_("waits since"))
    due_at = models.DateTimeField(_("next attempt"))
    attempted_at = models.DateTimeField(_("last attempt"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(_("last answer"), max_length=LONGEST_OUTCOME, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        """What waits is read by receiver in order, what is over is deleted by the time of its end.

        Staff look at one receiver's, and at the dead letters.
        """

        default_permissions = ("view", "change")
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(name="events_by_receiver", fields=["receiver", "-id"]),
            models.Index(name="events_dead_letters", fields=["-id"], condition=Q(state="given_up")),
            models.Index(name="events_waiting", fields=["receiver", "id"], condition=Q(state="waiting")),
            models.Index(name="events_over", fields=["state", "ended_at"], condition=Q(ended_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="events_told_once", fields=["receiver", "sequence"], condition=Q(sequence__isnull=False)
            ),
            models.CheckConstraint(
                name="events_ended_unless_waiting",
                condition=Q(state="waiting", ended_at__isnull=True)
                | Q(state__in=["delivered", "given_up"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        """Name the event and its id."""
        return f"{self.event} {self.jti}"

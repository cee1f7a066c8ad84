"""A receiver: where security events are sent, in which form, and how it has answered lately."""

import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust.events.conf import LONGEST_AUDIENCE, LONGEST_NAME, LONGEST_OUTCOME, LONGEST_URL
from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning


class ReceiverQuerySet(models.QuerySet["Receiver"]):
    """Receivers by state. A turn is taken and left by compare-and-set alone."""

    def by_pk(self, pk: uuid.UUID) -> "ReceiverQuerySet":
        """One receiver."""
        return self.filter(pk=pk)

    def but_for(self, pk: uuid.UUID) -> "ReceiverQuerySet":
        """All others."""
        return self.exclude(pk=pk)

    def active(self) -> "ReceiverQuerySet":
        """Those that are switched on."""
        return self.filter(is_active=True)

    def inactive(self) -> "ReceiverQuerySet":
        """Those that are switched off."""
        return self.filter(is_active=False)

    def with_old_secret(self) -> "ReceiverQuerySet":
        """Those whose secret is being rotated."""
        return self.exclude(sealed_old_secret="")

    def old_secret_over(self, now: datetime) -> "ReceiverQuerySet":
        """Those whose old secret signs no more."""
        return self.filter(old_secret_until__lte=now)

    def failing_since(self, moment: datetime) -> "ReceiverQuerySet":
        """Those that have failed without a break since `moment` or longer."""
        return self.filter(failing_since__lte=moment)

    def free(self) -> "ReceiverQuerySet":
        """Those that are on, have no turn and need no rest."""
        now = DatabaseNow()
        no_turn = Q(turn_until__isnull=True) | Q(turn_until__lt=now)
        return self.active().filter(no_turn).filter(Q(rest_until__isnull=True) | Q(rest_until__lte=now))

    def give_turn(self, pk: uuid.UUID, *, lease: timedelta) -> int | None:
        """Give a receiver a turn and return its number, or None if it has one, rests or is off."""
        free = self.free().by_pk(pk)
        row = update_returning(free, {"turn": F("turn") + 1, "turn_until": DatabaseNow(lease)}, ["turn"])
        return None if row is None else row[0]

    def begin_turn(self, pk: uuid.UUID, turn: int, *, lease: timedelta) -> int | None:
        """Begin with a turn that was given, and return its number from now on.

        None if it was begun before or given anew meanwhile, or the receiver is off.
        """
        mine = self.active().filter(pk=pk, turn=turn, turn_until__isnull=False)
        row = update_returning(mine, {"turn": F("turn") + 1, "turn_until": DatabaseNow(lease)}, ["turn"])
        return None if row is None else row[0]

    def end_turn(self, pk: uuid.UUID, turn: int) -> None:
        """End a turn, if it is still this one."""
        self.filter(pk=pk, turn=turn).update(turn_until=None)


class Receiver(models.Model):
    """One receiver. Its secrets are sealed; what came of telling it is written by the worker alone."""

    class Format(models.TextChoices):
        """What it is sent."""

        SET = "set", _("Security Event Token (RFC 8417)")
        JSON = "json", _("signed JSON (Standard Webhooks)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, unique=True)
    url = models.CharField(_("URL"), max_length=LONGEST_URL)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    events = models.TextField(_("events"))
    audience = models.CharField(_("audience"), max_length=LONGEST_AUDIENCE, blank=True)
    sealed_authorization = models.TextField(blank=True, editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    sealed_old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(_("old secret signs until"), null=True, editable=False)
    is_active = models.BooleanField(_("switched on"), default=True)
    active_since = models.DateTimeField(_("on since"), editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)
    # Written by the worker.
    turn = models.BigIntegerField(default=0, editable=False)
    turn_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    rest_until = models.DateTimeField(_("left alone until"), null=True, editable=False)
    answered_at = models.DateTimeField(_("last delivery"), null=True, editable=False)
    outcome = models.CharField(_("last answer"), max_length=LONGEST_OUTCOME, blank=True, editable=False)

    objects = ReceiverQuerySet.as_manager()

    class Meta:
        """Few: they are read whole."""

        verbose_name = _("receiver")
        verbose_name_plural = _("receivers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="events_receiver_format_known", condition=Q(format__in=["set", "json"])),
            models.CheckConstraint(
                name="events_receiver_json_has_secret", condition=~Q(format="json") | ~Q(sealed_secret="")
            ),
        ]

    def __str__(self) -> str:
        """Name the receiver."""
        return self.name

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of events that it wants."""
        return frozenset(self.events.split())

    @property
    def origin(self) -> str:
        """Where it is, without what follows the host: a path may be a secret of the receiver's."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

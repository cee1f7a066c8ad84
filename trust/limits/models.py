"""A counter of guesses, one row per thing guessed at, changed only by single statements."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow


class GuessCounterQuerySet(models.QuerySet["GuessCounter"]):
    """Counters by key and state."""

    def by_key(self, key: str) -> "GuessCounterQuerySet":
        """The counter of this key."""
        return self.filter(pk=key)

    def open(self, key: str, *, most: int) -> "GuessCounterQuerySet":
        """The counter of this key, if it lets a guess through now."""
        return self.filter(pk=key, count__lt=most, open_at__lte=DatabaseNow())

    def start(self, key: str, *, forget_at: Any) -> None:
        """Begin a counter at nought, if there is none."""
        row = GuessCounter(key=key, count=0, open_at=DatabaseNow(), forget_at=forget_at)
        self.bulk_create([row], ignore_conflicts=True)

    def forgotten(self, now: datetime) -> "GuessCounterQuerySet":
        """Counters that count nothing any more."""
        return self.filter(forget_at__lte=now).order_by("forget_at")


class GuessCounter(models.Model):
    """How many guesses at `key` were let through since it was last reset, and when the next one is."""

    key = models.CharField(_("key"), max_length=128, primary_key=True)
    count = models.PositiveIntegerField(_("guesses"))
    open_at = models.DateTimeField(_("next guess from"))
    forget_at = models.DateTimeField(_("forgotten at"), db_index=True)

    objects = GuessCounterQuerySet.as_manager()

    class Meta:
        """Keys are digests: no address or name is kept here. Found by key; cleared by forget_at."""

        verbose_name = _("guess counter")
        verbose_name_plural = _("guess counters")

    def __str__(self) -> str:
        """Name the counter."""
        return self.key

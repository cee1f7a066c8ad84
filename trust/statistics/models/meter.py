"""A meter: what one host counted until it was last read, so that the next reading adds what came since, once."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.statistics.conf import METER_KEPT


class MeterQuerySet(models.QuerySet["Meter"]):
    """Meters by id and by when they were read."""

    def held(self, meter_id: uuid.UUID) -> "Meter | None":
        """Return the meter, locked until the transaction ends, or None if it was never read."""
        return self.select_for_update().filter(pk=meter_id).first()

    def forgotten(self, now: datetime) -> "MeterQuerySet":
        """Meters that nobody reads any more: their hosts are gone, or began anew."""
        return self.filter(read_at__lt=now - METER_KEPT).order_by("read_at")


class Meter(models.Model):
    """One host's counters since it started, as they were read last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    totals = models.JSONField(_("totals"), default=dict)  # by name, then by label
    read_at = models.DateTimeField(_("read at"), db_index=True)

    objects = MeterQuerySet.as_manager()

    class Meta:
        """Found by id; the forgotten ones by when they were read. Nobody looks at them."""

        verbose_name = _("meter")
        verbose_name_plural = _("meters")
        default_permissions = ()

    def __str__(self) -> str:
        """Name the meter by its id."""
        return str(self.pk)

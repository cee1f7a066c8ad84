"""What a person asked to be given of everything that is held about them: made by the worker, sealed, kept for days."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.conf import EXPORT_KEPT
from trust.lib.clock import DatabaseNow


class DataExportQuerySet(models.QuerySet["DataExport"]):
    """Exports by person and age."""

    def of_user(self, user_id: uuid.UUID) -> "DataExportQuerySet":
        """The exports of one person, the newest first."""
        return self.filter(user_id=user_id).order_by("-created")

    def by_id(self, export_id: uuid.UUID) -> "DataExportQuerySet":
        """The export of this id."""
        return self.filter(pk=export_id)

    def waiting(self) -> "DataExportQuerySet":
        """Exports that are not ready."""
        return self.filter(ready_at__isnull=True)

    def asked_since(self, moment: datetime) -> "DataExportQuerySet":
        """Exports that were asked for from `moment` on."""
        return self.filter(created__gte=moment)

    def ready_since(self, moment: datetime) -> "DataExportQuerySet":
        """Exports that are ready, and became so after `moment`."""
        return self.filter(ready_at__gt=moment)

    def over_since(self, moment: datetime) -> "DataExportQuerySet":
        """Exports that became ready before `moment`, or were asked for before it and never did."""
        return self.filter(Q(ready_at__lte=moment) | Q(ready_at__isnull=True, created__lte=moment))

    def fill(self, sealed: str) -> bool:
        """Make one of these ready, once."""
        return self.waiting().update(sealed=sealed, ready_at=DatabaseNow()) == 1


class DataExport(models.Model):
    """One export; `sealed` is empty until it is ready."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="data_exports",
        db_index=False,  # the index of the list begins with it
        verbose_name=_("person"),
    )
    created = models.DateTimeField(_("asked for"), auto_now_add=True)
    ready_at = models.DateTimeField(_("ready"), null=True)
    sealed = models.TextField(_("sealed contents"), blank=True, default="", editable=False)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        """Listed per person, the newest first; cleared by age without an index, for there are few."""

        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        indexes = [models.Index(name="accounts_export_by_user", fields=["user", "-created"])]

    @property
    def kept_until(self) -> datetime | None:
        """Until when it can be downloaded; None if it is not ready."""
        return self.ready_at and self.ready_at + EXPORT_KEPT

    def __str__(self) -> str:
        """Name the row alone."""
        return str(self.pk)

"""What a person asked to be given of everything that is held about them: made by the worker, sealed, kept for days."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DataExportQuerySet(models.QuerySet["DataExport"]):
    """Exports by person and age."""

    def of_user(self, user_id: uuid.UUID) -> "DataExportQuerySet":
        """The exports of one person, the newest first."""
        return self.filter(user_id=user_id).order_by("-created")

    def by_id(self, export_id: uuid.UUID) -> "DataExportQuerySet":
        """The export of this id."""
        return self.filter(pk=export_id)

    def over_since(self, moment: datetime) -> "DataExportQuerySet":
        """Exports that were asked for before `moment`."""
        return self.filter(created__lt=moment)


class DataExport(models.Model):
    """One export; `sealed` is empty until it is ready."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports", verbose_name=_("person")
    )
    created = models.DateTimeField(_("asked for"), auto_now_add=True)
    ready_at = models.DateTimeField(_("ready"), null=True)
    sealed = models.TextField(_("sealed contents"), blank=True, default="", editable=False)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        """Listed per person, the newest first; cleared by age."""

        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        indexes = [models.Index(name="accounts_export_by_user", fields=["user", "-created"])]

    def __str__(self) -> str:
        """Name the row alone."""
        return str(self.pk)

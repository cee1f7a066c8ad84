"""A browser that a person signed in from before: a new one is told of by mail, a known one is not shut out."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KnownDeviceQuerySet(models.QuerySet["KnownDevice"]):
    """Known devices by person and mark."""

    def of_user(self, user_id: uuid.UUID) -> "KnownDeviceQuerySet":
        """The devices of one person."""
        return self.filter(user_id=user_id)

    def by_digest(self, digest: str) -> "KnownDeviceQuerySet":
        """The devices whose mark has this SHA-256."""
        return self.filter(digest=digest)

    def by_digests(self, digests: Iterable[str]) -> "KnownDeviceQuerySet":
        """The devices whose mark has one of these."""
        return self.filter(digest__in=list(digests))

    def except_for(self, digests: Iterable[str]) -> "KnownDeviceQuerySet":
        """The devices whose mark has none of these."""
        return self.exclude(digest__in=list(digests))

    def beyond(self, most: int) -> "KnownDeviceQuerySet":
        """All but the `most` that were seen last."""
        return self.exclude(pk__in=self.order_by("-last_seen", "-pk").values("pk")[:most])

    def unseen_since(self, moment: datetime) -> "KnownDeviceQuerySet":
        """The devices that nobody has signed in from since."""
        return self.filter(last_seen__lt=moment).order_by("last_seen")


class KnownDevice(models.Model):
    """One row for each person and device. The mark, a cookie's random value, is kept by digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="known_devices",
        db_index=False,  # the constraint's index begins with it
        verbose_name=_("person"),
    )
    digest = models.CharField(_("digest of the mark"), max_length=64, editable=False)
    first_seen = models.DateTimeField(_("first seen"), auto_now_add=True)
    last_seen = models.DateTimeField(_("last seen"))

    objects = KnownDeviceQuerySet.as_manager()

    class Meta:
        """Asked by person and mark at every sign-in, by the constraint's index; cleared by last_seen."""

        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        indexes = [models.Index(name="accounts_device_by_last_seen", fields=["last_seen"])]
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_known_device_once")]

    def __str__(self) -> str:
        """Name the row alone."""
        return str(self.pk)

"""An authorization request that is too long for a URL, kept for its browser to come back for (by GET)."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow


class StoredRequestQuerySet(models.QuerySet["StoredRequest"]):
    """Requests by digest and age."""

    def by_digest(self, digest: str) -> "StoredRequestQuerySet":
        """The request whose reference has this SHA-256."""
        return self.filter(digest=digest)

    def unexpired(self) -> "StoredRequestQuerySet":
        """Requests that have not expired, by the database's clock."""
        return self.filter(expires__gt=DatabaseNow())

    def over_since(self, moment: datetime) -> "StoredRequestQuerySet":
        """Requests that expired before `moment`."""
        return self.filter(expires__lt=moment).order_by("expires")


class StoredRequest(models.Model):
    """The parameters as they came, urlencoded. The reference is kept by digest."""

    digest = models.CharField(_("digest"), max_length=64, editable=False)
    parameters = models.TextField(_("parameters"), editable=False)
    expires = models.DateTimeField(_("expires"), editable=False)

    objects = StoredRequestQuerySet.as_manager()

    class Meta:
        """Found by digest; counted and cleared by expires."""

        verbose_name = _("stored authorization request")
        verbose_name_plural = _("stored authorization requests")
        indexes = [models.Index(name="oauth_stored_by_end", fields=["expires"])]
        constraints = [models.UniqueConstraint(fields=["digest"], name="oauth_stored_once")]

    def __str__(self) -> str:
        """Name the row: what is in it is the person's."""
        return str(self.pk)

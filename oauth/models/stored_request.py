"""An authorization request kept for its browser to come back for: pushed by its client (RFC 9126), or too long."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_CLIENT_ID
from trust.lib.clock import DatabaseNow


class StoredRequestQuerySet(models.QuerySet["StoredRequest"]):
    """Requests by digest, origin and age."""

    def by_digest(self, digest: str) -> "StoredRequestQuerySet":
        """The request whose reference has this SHA-256."""
        return self.filter(digest=digest)

    def pushed_by(self, client_id: str) -> "StoredRequestQuerySet":
        """Requests that this client pushed; of nobody: those that came by a form."""
        return self.filter(pushed_by=client_id)

    def unexpired(self) -> "StoredRequestQuerySet":
        """Requests that have not expired, by the database's clock."""
        return self.filter(expires__gt=DatabaseNow())

    def arrive(self, lifetime: timedelta) -> None:
        """Let requests that a browser brings for the first time live on while its person signs in: once."""
        self.unexpired().filter(arrived_at__isnull=True).update(arrived_at=DatabaseNow(), expires=DatabaseNow(lifetime))

    def take(self) -> bool:
        """Take one of these requests away, unexpired, and tell whether it was there; of several at once, one does."""
        return self.unexpired().delete()[0] > 0

    def over_since(self, moment: datetime) -> "StoredRequestQuerySet":
        """Requests that expired before `moment`."""
        return self.filter(expires__lt=moment).order_by("expires")


class StoredRequest(models.Model):
    """The parameters as they came, urlencoded; of a pushed one, as they were found right. The reference is a digest.

    `pushed_by` is the client that pushed it and authenticated, empty where anybody left it here by a form.
    """

    digest = models.CharField(_("digest"), max_length=64, editable=False)
    parameters = models.TextField(_("parameters"), editable=False)
    expires = models.DateTimeField(_("expires"), editable=False)
    pushed_by = models.CharField(
        _("pushed by"), max_length=LONGEST_CLIENT_ID, blank=True, default="", db_default="", editable=False
    )
    arrived_at = models.DateTimeField(_("first brought by a browser"), null=True, editable=False)

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

"""An initial access token (RFC 7591 section 1.2): leave to register clients, so many times and so long."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow


class InitialAccessTokenQuerySet(models.QuerySet["InitialAccessToken"]):
    """Initial access tokens by digest and what is left of them."""

    def by_digest(self, digest: str) -> "InitialAccessTokenQuerySet":
        """The token whose value has this SHA-256."""
        return self.filter(digest=digest)

    def usable(self) -> "InitialAccessTokenQuerySet":
        """Tokens that are good for another client, by the database's clock."""
        return self.filter(Q(expires__isnull=True) | Q(expires__gt=DatabaseNow()), uses_left__gt=0)

    def over_since(self, moment: datetime) -> "InitialAccessTokenQuerySet":
        """Tokens that are used up, or expired before `moment`."""
        return self.filter(Q(uses_left=0) | Q(expires__lt=moment))

    def by_pk(self, pk: int) -> "InitialAccessTokenQuerySet":
        """The token of this row."""
        return self.filter(pk=pk)

    def use(self) -> bool:
        """Use one of these tokens once; of several at once as many win as uses are left."""
        return self.usable().update(uses_left=F("uses_left") - 1) == 1


class InitialAccessToken(models.Model):
    """Kept by digest; its value was printed once."""

    digest = models.CharField(_("digest"), max_length=64, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    expires = models.DateTimeField(_("expires"), null=True)
    uses_left = models.PositiveIntegerField(_("uses left"), default=1)

    objects = InitialAccessTokenQuerySet.as_manager()

    class Meta:
        """Found by digest; cleared without an index, for there are few."""

        verbose_name = _("initial access token")
        verbose_name_plural = _("initial access tokens")
        constraints = [models.UniqueConstraint(fields=["digest"], name="oauth_initial_access_token_once")]

    def __str__(self) -> str:
        """Name the row: the value is not known."""
        return str(self.pk)

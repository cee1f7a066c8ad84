"""A revocation: one entry of the feed. It kills the tokens that it names.

A token, a grant and a session are over for good, so an entry kills whatever names them. A client and a person go on:
an entry kills what was issued up to its time.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow


class Kind(models.TextChoices):
    """What an entry's key names: a token's jti, or its grant, sid, client_id or sub."""

    TOKEN = "token", _("token")
    GRANT = "grant", _("grant")
    SESSION = "session", _("session")
    CLIENT = "client", _("client")
    USER = "user", _("user")


class RevocationQuerySet(models.QuerySet["Revocation"]):
    """Entries as the feed reads them."""

    def live(self) -> "RevocationQuerySet":
        """Entries that a token could still meet."""
        return self.filter(expires_at__gt=DatabaseNow())

    def since(self, moment: datetime, *, overlap: timedelta) -> "RevocationQuerySet":
        """Entries written since `moment`, and `overlap` before it: a transaction may commit late."""
        return self.filter(revoked_at__gt=moment - overlap)

    def expired(self) -> "RevocationQuerySet":
        """Entries that no living token can meet.

        When the statement began: PostgreSQL asks no index by clock_timestamp(), which moves.
        """
        return self.filter(expires_at__lte=Now()).order_by("expires_at")


class Revocation(models.Model):
    """One entry, stamped with the database's clock_timestamp()."""

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=255)
    revoked_at = models.DateTimeField(_("revoked at"), db_index=True)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        """The feed reads by revoked_at, housekeeping deletes by expires_at; both are indexed."""

        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        constraints = [
            models.CheckConstraint(name="revocation_kind_known", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        """Name what is revoked."""
        return f"{self.get_kind_display()} {self.key}"

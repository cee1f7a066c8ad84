"""A session that a client was told of (`sid`), and whether the client heard of its end (Back-Channel Logout 1.0)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Session
from oauth.models.client import Client
from trust.lib.clock import DatabaseNow


class ClientSessionQuerySet(models.QuerySet["ClientSession"]):
    """Sessions at clients by session and state."""

    def of_session(self, session_id: uuid.UUID) -> "ClientSessionQuerySet":
        """The clients that were told of a session, with what each is registered as."""
        return self.filter(session_id=session_id).select_related("client")

    def by_pk(self, pk: int) -> "ClientSessionQuerySet":
        """One session at one client."""
        return self.filter(pk=pk)

    def open(self) -> "ClientSessionQuerySet":
        """Those whose end nobody told yet."""
        return self.filter(logout=ClientSession.Logout.NONE)

    def begin_attempt(self, pk: int, *, attempt: int) -> bool:
        """Take this attempt at telling a client; False if it was taken already, or the client heard."""
        waiting = self.filter(pk=pk, logout=ClientSession.Logout.WAITING, attempts=attempt - 1)
        return waiting.update(attempts=attempt, attempted_at=DatabaseNow()) == 1


class ClientSession(models.Model):
    """One row for each session and client with a back-channel logout URI: growth is bounded by sessions."""

    class Logout(models.TextChoices):
        """What became of telling the client."""

        NONE = "", _("not needed yet")
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="client_sessions", verbose_name=_("session")
    )
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="client_sessions", verbose_name=_("client")
    )
    created = models.DateTimeField(_("since"), auto_now_add=True)
    logout = models.CharField(
        _("back-channel logout"), max_length=9, choices=Logout.choices, blank=True, default=Logout.NONE
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    attempted_at = models.DateTimeField(_("last attempt"), null=True)
    outcome = models.CharField(_("what the client answered"), max_length=64, blank=True, default="")

    objects = ClientSessionQuerySet.as_manager()

    class Meta:
        """Found by session when it ends."""

        verbose_name = _("session at a client")
        verbose_name_plural = _("sessions at clients")
        constraints = [models.UniqueConstraint(fields=["session", "client"], name="oauth_client_session_once")]

    def __str__(self) -> str:
        """Name which session at which client."""
        return f"{self.session_id} {self.client_id}"

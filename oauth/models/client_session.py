"""A session that a client was told of (`sid`), and whether the client heard of its end (Back-Channel Logout 1.0)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Session, User
from oauth.models.client import Client
from trust.lib.clock import DatabaseNow


class ClientSessionQuerySet(models.QuerySet["ClientSession"]):
    """Sessions at clients by session and state. A state is left by compare-and-set alone."""

    def of_session(self, session_id: uuid.UUID) -> "ClientSessionQuerySet":
        """The clients that were told of a session."""
        return self.filter(session_id=session_id)

    def of_person(self, user_id: uuid.UUID) -> "ClientSessionQuerySet":
        """The clients that were told of any session of a person that is still kept."""
        return self.filter(session__user=user_id).order_by("pk")

    def searched(self, term: str) -> "ClientSessionQuerySet":
        """Sessions at the client with this client_id, or of the people whom the term finds."""
        client = Client.objects.by_client_id(term.strip()).first()
        if client:
            return self.filter(client=client)
        return self.filter(session__in=Session.objects.filter(user__in=User.objects.searched(term)))

    def by_pk(self, pk: int) -> "ClientSessionQuerySet":
        """One session at one client."""
        return self.filter(pk=pk)

    def with_client(self) -> "ClientSessionQuerySet":
        """With the client, in the same query."""
        return self.select_related("client")

    def reachable(self) -> "ClientSessionQuerySet":
        """Those at clients that are not disabled and say where they hear."""
        return self.filter(client__is_active=True).exclude(client__backchannel_logout_uri="")

    def open(self) -> "ClientSessionQuerySet":
        """Those whose end nobody told yet."""
        return self.filter(logout=ClientSession.Logout.NONE)

    def given_up(self) -> "ClientSessionQuerySet":
        """Those whose client did not hear, however often it was told."""
        return self.filter(logout=ClientSession.Logout.FAILED)

    def at_attempt(self, attempt: int) -> "ClientSessionQuerySet":
        """Those that wait, and of whose attempts this is the last that was begun."""
        return self.filter(logout=ClientSession.Logout.WAITING, attempts=attempt)

    def over(self) -> "ClientSessionQuerySet":
        """Those of sessions that are gone, and whose clients heard, or never will."""
        gone = self.filter(session__isnull=True).exclude(logout=ClientSession.Logout.WAITING)
        return gone.order_by("session_id", "client_id")

    def wait(self) -> bool:
        """Let these be told, from the first attempt on; False if there are none."""
        return bool(self.update(logout=ClientSession.Logout.WAITING, attempts=0, attempted_at=None, outcome=""))

    def begin_attempt(self, attempt: int) -> bool:
        """Take this attempt at telling a client; False if it was taken already, or the client heard."""
        return self.at_attempt(attempt - 1).update(attempts=attempt, attempted_at=DatabaseNow()) == 1


class ClientSession(models.Model):
    """One row for each session and client with a back-channel logout URI: growth is bounded by sessions.

    The names that the client was told are kept: a person who is deleted is signed out everywhere all the same.
    """

    class Logout(models.TextChoices):
        """What became of telling the client."""

        NONE = "", _("not needed yet")
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    session = models.ForeignKey(
        Session,
        null=True,
        on_delete=models.SET_NULL,
        related_name="client_sessions",
        db_index=False,  # the constraint's index begins with it
        verbose_name=_("session"),
    )
    person = models.UUIDField(_("person"), editable=False)
    subject = models.CharField(_("person as the client is told"), max_length=64, editable=False)
    told_session_id = models.CharField(_("session as the client is told"), max_length=64, editable=False)
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
        """Found by session when it ends, and without one when it is over: by the constraint's index.

        Gone with its client by the foreign key's index. The few whose clients were told are listed by outcome.
        """

        verbose_name = _("session at a client")
        verbose_name_plural = _("sessions at clients")
        indexes = [models.Index(name="oauth_client_session_told", fields=["logout", "id"], condition=~Q(logout=""))]
        constraints = [models.UniqueConstraint(fields=["session", "client"], name="oauth_client_session_once")]

    def __str__(self) -> str:
        """Name which session at which client."""
        return f"{self.session_id} {self.client_id}"

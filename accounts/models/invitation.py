"""An invitation: leave to sign up where sign-up is by invitation, for one address, once."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by digest and state."""

    def by_digest(self, digest: str) -> "InvitationQuerySet":
        """The invitation whose link has this SHA-256."""
        return self.filter(digest=digest)

    def for_email(self, email: str) -> "InvitationQuerySet":
        """The invitations of this address."""
        return self.filter(email=email.strip().lower())

    def over_since(self, moment: datetime) -> "InvitationQuerySet":
        """Invitations that were taken or grew too old before `moment`."""
        return self.filter(models.Q(used_at__lt=moment) | models.Q(expires_at__lt=moment))

    def taken(self) -> "InvitationQuerySet":
        """Invitations that somebody took."""
        return self.filter(used_at__isnull=False)

    def alive(self) -> "InvitationQuerySet":
        """Invitations that somebody may still take."""
        return self.open()

    def open(self) -> "InvitationQuerySet":
        """Invitations that nobody took yet and that are not too old, by the database's clock."""
        return self.filter(used_at__isnull=True, expires_at__gt=DatabaseNow())

    def take(self) -> bool:
        """Take one of these invitations; of several at once one wins."""
        return self.open().update(used_at=DatabaseNow()) == 1


class Invitation(models.Model):
    """One invitation, its link kept by digest."""

    email = models.EmailField(_("e-mail address"))
    digest = models.CharField(_("digest of the link"), max_length=64, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, verbose_name=_("invited by")
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("taken"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        """Found by digest; cleared by age, and listed by address, without an index, for there are few.

        Who invited is set to null when they are erased, by the foreign key's index. Digests are unique by a constraint:
        a field's `unique` brings PostgreSQL a second index, for LIKE, here and elsewhere.
        """

        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["digest"], name="accounts_invitation_once")]

    def __str__(self) -> str:
        """Name whom it is for."""
        return self.email

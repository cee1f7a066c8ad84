"""A session: one row per sign-in, by browser or by API. The hub of the house (docs/decisions/0002)."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.conditions import roles_of
from accounts.models.user import User
from accounts.vocabulary import Acr
from trust.lib.clock import DatabaseNow
from trust.tokens.rotation import RotatingModel, RotatingQuerySet


class SessionQuerySet(RotatingQuerySet):
    """Sessions by state and by person."""

    def alive(self) -> "SessionQuerySet":
        """Sessions that count now: not ended, not past their absolute end, of a person who is active."""
        person = User.objects.active().filter(pk=OuterRef("user_id"))
        return self.filter(Exists(person), ended_at__isnull=True, expires_at__gt=DatabaseNow())

    def with_roles(self) -> "SessionQuerySet":
        """Sessions with `roles`: the roles of their person, now."""
        annotated: SessionQuerySet = self.annotate(roles=roles_of("user_id"))
        return annotated

    def of_user(self, user_id: uuid.UUID) -> "SessionQuerySet":
        """Sessions of one person, the one used last first."""
        return self.filter(user_id=user_id).order_by("-last_seen")

    def by_id(self, session_id: uuid.UUID) -> "SessionQuerySet":
        """The session of this `sid`."""
        return self.filter(pk=session_id)

    def searched(self, term: str) -> "SessionQuerySet":
        """The session or the sessions of the person with this ID, or those of the people whom the term finds."""
        try:
            key = uuid.UUID(term.strip())
        except ValueError:
            return self.filter(user__in=User.objects.searched(term))
        return self.filter(Q(pk=key) | Q(user=key))

    def not_ended(self) -> "SessionQuerySet":
        """Sessions that nobody ended, expired or not."""
        return self.filter(ended_at__isnull=True)

    def lasting(self, now: datetime) -> "SessionQuerySet":
        """Sessions that nobody ended and that have not expired: alive(), but for a look at each person."""
        return self.not_ended().filter(expires_at__gt=now)

    def except_for(self, session_id: uuid.UUID | None) -> "SessionQuerySet":
        """All but one."""
        return self.exclude(pk=session_id)

    def impersonated_by(self, user_id: uuid.UUID) -> "SessionQuerySet":
        """Sessions of others by which somebody sees the site as they do."""
        return self.filter(impersonator_id=user_id)

    def begun_from(self, session_id: uuid.UUID) -> "SessionQuerySet":
        """Those of them that were begun from this session."""
        return self.filter(impersonated_from=session_id)

    def expired_since(self, moment: datetime) -> "SessionQuerySet":
        """Sessions whose absolute end was before `moment`."""
        expired: SessionQuerySet = self.filter(expires_at__lt=moment).order_by("expires_at")
        return expired

    def ended_since(self, moment: datetime) -> "SessionQuerySet":
        """Sessions that somebody ended before `moment`."""
        ended: SessionQuerySet = self.filter(ended_at__lt=moment).order_by("ended_at")
        return ended


class Session(RotatingModel):
    """One sign-in. `id` is the `sid` of tokens; `generation` is the refresh counter of the JSON API."""

    class Kind(models.TextChoices):
        """The door by which the person came."""

        BROWSER = "browser", _("browser")
        API = "api", _("API")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    auth_time = models.DateTimeField(_("authenticated"))
    amr = models.CharField(_("authentication methods"), max_length=64)
    acr = models.CharField(_("authentication level"), max_length=8, choices=Acr.choices)
    created = models.DateTimeField(_("signed in"), auto_now_add=True)
    last_seen = models.DateTimeField(_("last seen"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    client_address = models.CharField(_("address"), max_length=45, blank=True)
    user_agent = models.CharField(_("user agent"), max_length=255, blank=True)
    # Where staff see the site as this person does: who they are, and which session of their own they came from. Of the
    # two the index finds both: a key of their own would be looked at whenever old sessions are cleared away.
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("impersonated by"),
    )
    impersonated_from = models.UUIDField(_("impersonated from the session"), null=True, editable=False)

    objects: ClassVar = SessionQuerySet.as_manager()

    class Meta:
        """Listed per person by the foreign key's index; found by their ends when they are over, if ended before.

        last_seen is in no index: a refresh writes it, and then changes the row alone (PostgreSQL's HOT updates).
        """

        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(name="accounts_session_by_end", fields=["expires_at"]),
            models.Index(name="accounts_session_ended", fields=["ended_at"], condition=Q(ended_at__isnull=False)),
            models.Index(
                name="accounts_session_impersonator", fields=["impersonator"], condition=Q(impersonator__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="accounts_session_acr_known", condition=Q(acr__in=Acr.values)),
        ]

    def __str__(self) -> str:
        """Name the session by kind and id alone."""
        return f"{self.get_kind_display()} {self.pk}"

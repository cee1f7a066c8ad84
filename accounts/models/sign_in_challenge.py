"""The pending second step of a JSON sign-in: the password was right, a factor is still asked for."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.conf import CHALLENGE_ATTEMPTS
from trust.lib.clock import DatabaseNow


class SignInChallengeQuerySet(models.QuerySet["SignInChallenge"]):
    """Challenges by digest and state."""

    def open(self) -> "SignInChallengeQuerySet":
        """Challenges that may still be answered."""
        return self.filter(expires_at__gt=DatabaseNow(), attempts__lt=CHALLENGE_ATTEMPTS)

    def by_digest(self, digest: str) -> "SignInChallengeQuerySet":
        """The challenge whose value has this SHA-256."""
        return self.filter(digest=digest)

    def of_user(self, user_id: uuid.UUID) -> "SignInChallengeQuerySet":
        """The challenges of one person."""
        return self.filter(user_id=user_id)

    def count_attempt(self) -> bool:
        """Count one answer; False if none of these challenges may be answered."""
        return self.update(attempts=F("attempts") + 1) == 1

    def over(self) -> "SignInChallengeQuerySet":
        """Challenges past their time when the statement began, which an index can be asked by."""
        return self.filter(expires_at__lte=Now()).order_by("expires_at")


class SignInChallenge(models.Model):
    """One challenge, kept by digest. It dies on success, after CHALLENGE_ATTEMPTS codes, or with its time."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("person"))
    auth_time = models.DateTimeField(_("password given"))
    sealed_ceremony = models.TextField(_("sealed state of a passkey's ceremony"), blank=True, default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    objects = SignInChallengeQuerySet.as_manager()

    class Meta:
        """Found by digest, the key; cleared by expires_at; those of a person go by the foreign key's index."""

        verbose_name = _("sign-in challenge")
        verbose_name_plural = _("sign-in challenges")

    def __str__(self) -> str:
        """Name the challenge by a part of its digest."""
        return self.digest[:8]

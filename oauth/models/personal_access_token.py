"""A personal access token: made by a person for programs of their own, and kept by digest."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oauth.conf import LONGEST_PERSONAL_TOKEN_NAME
from trust.lib.clock import DatabaseNow


class PersonalAccessTokenQuerySet(models.QuerySet["PersonalAccessToken"]):
    """Personal access tokens by digest, owner and age."""

    def by_digest(self, digest: str) -> "PersonalAccessTokenQuerySet":
        """The token whose value has this SHA-256."""
        return self.filter(digest=digest)

    def by_id(self, token_id: uuid.UUID) -> "PersonalAccessTokenQuerySet":
        """The token of this row."""
        return self.filter(pk=token_id)

    def of_user(self, user_id: uuid.UUID) -> "PersonalAccessTokenQuerySet":
        """The tokens of one person, the newest first."""
        return self.filter(user_id=user_id).order_by("-created", "-pk")

    def usable(self) -> "PersonalAccessTokenQuerySet":
        """Tokens that are good now, by the database's clock: not expired, and of a person who may sign in."""
        person = User.objects.active().filter(pk=OuterRef("user_id"))
        return self.filter(Exists(person), expires_at__gt=DatabaseNow())

    def unexpired(self, now: datetime) -> "PersonalAccessTokenQuerySet":
        """Tokens whose end is to come."""
        return self.filter(expires_at__gt=now)

    def expired_since(self, moment: datetime) -> "PersonalAccessTokenQuerySet":
        """Tokens that expired before `moment`."""
        return self.filter(expires_at__lt=moment).order_by("expires_at")

    def searched(self, term: str) -> "PersonalAccessTokenQuerySet":
        """The tokens of the people whom the term finds."""
        return self.filter(user__in=User.objects.searched(term))

    def note_used(self, resolution: timedelta) -> bool:
        """Note that these were used just now, unless that was noted within the `resolution`."""
        noted_before = Q(last_used_at__gt=DatabaseNow(-resolution))
        unnoted = self.filter(Q(last_used_at__isnull=True) | ~noted_before)
        return unnoted.update(last_used_at=DatabaseNow()) > 0


class PersonalAccessToken(models.Model):
    """One token. `id` is the `grant` and the `jti` that it goes by; its value was shown once."""

    id = models.UUIDField(primary_key=True, editable=False)
    user_id: uuid.UUID
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="personal_access_tokens",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=LONGEST_PERSONAL_TOKEN_NAME)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    scope = models.TextField(_("scope"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    objects = PersonalAccessTokenQuerySet.as_manager()

    class Meta:
        """Found by digest, listed by person (the foreign key's index), cleared by their end."""

        verbose_name = _("personal access token")
        verbose_name_plural = _("personal access tokens")
        indexes = [models.Index(name="oauth_personal_by_end", fields=["expires_at"])]
        constraints = [models.UniqueConstraint(fields=["digest"], name="oauth_personal_once")]

    def __str__(self) -> str:
        """Name the row: the value is not known."""
        return str(self.pk)

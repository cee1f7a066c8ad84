"""A refresh token (RFC 6749 section 1.5): a row with a counter, no value and no digest (docs/decisions/0004)."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractRefreshToken

from accounts.models import User
from trust.lib.clock import DatabaseNow
from trust.tokens.rotation import RotatingModel, RotatingQuerySet


class RefreshTokenQuerySet(RotatingQuerySet):
    """Refresh tokens by state."""

    def alive(self) -> "RefreshTokenQuerySet":
        """Tokens not revoked, not past their absolute end, of a person who is active."""
        person = User.objects.active().filter(pk=OuterRef("user_id"))
        return self.filter(Exists(person), revoked__isnull=True, expires_at__gt=DatabaseNow())


class RefreshToken(RotatingModel, AbstractRefreshToken):
    """One live chain of refreshes of one grant."""

    token = None
    token_checksum = None
    token_family = None
    access_token = None

    objects: ClassVar = RefreshTokenQuerySet.as_manager()

    class Meta:
        """Own, since the toolkit's constraints are on the columns that are not here; cleaned by expires_at."""

        verbose_name = _("refresh token")
        verbose_name_plural = _("refresh tokens")
        indexes = [models.Index(name="oauth_refresh_by_end", fields=["expires_at"])]

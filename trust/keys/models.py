"""A signing key: sealed at rest, its state given by dates alone."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Algorithm(models.TextChoices):
    """JWS algorithms that our keys sign with (RFC 7518 section 3.1, RFC 8037 section 3.1)."""

    ES256 = "ES256", "ES256"
    RS256 = "RS256", "RS256"
    EDDSA = "EdDSA", "EdDSA"
    HS256 = "HS256", "HS256"


PUBLISHED = [Algorithm.ES256, Algorithm.RS256, Algorithm.EDDSA]


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    """Keys by what they may do at a time."""

    def usable(self, now: datetime) -> "SigningKeyQuerySet":
        """Keys that are published or verify still."""
        return self.filter(published_until__gt=now).order_by("-signs_from", "kid")

    def of(self, algorithm: str) -> "SigningKeyQuerySet":
        """Keys of one algorithm, the newest first."""
        return self.filter(algorithm=algorithm).order_by("-signs_from", "kid")

    def not_retired(self, now: datetime) -> "SigningKeyQuerySet":
        """Keys that sign now or will."""
        return self.filter(signs_until__gt=now)

    def others_than(self, keys: Iterable["SigningKey"]) -> "SigningKeyQuerySet":
        """All keys but these."""
        return self.exclude(pk__in=[key.pk for key in keys])

    def expired(self, now: datetime) -> "SigningKeyQuerySet":
        """Keys that nothing can need any more."""
        return self.filter(published_until__lte=now)


class SigningKey(models.Model):
    """One key of the ring. HS256 keys seal refresh tokens and are never published."""

    kid = models.CharField(_("key ID"), max_length=64, unique=True)
    algorithm = models.CharField(_("algorithm"), max_length=8, choices=Algorithm.choices)
    sealed_private = models.TextField(_("sealed private key"), editable=False)
    published_from = models.DateTimeField(_("published from"))
    signs_from = models.DateTimeField(_("signs from"))
    signs_until = models.DateTimeField(_("signs until"))
    published_until = models.DateTimeField(_("published until"), db_index=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        """Dates in order, always."""

        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        constraints = [
            models.CheckConstraint(
                name="keys_signingkey_dates_in_order",
                condition=Q(published_from__lte=F("signs_from"))
                & Q(signs_from__lte=F("signs_until"))
                & Q(signs_until__lte=F("published_until")),
            ),
            models.CheckConstraint(name="keys_signingkey_algorithm_known", condition=Q(algorithm__in=Algorithm.values)),
        ]

    def __str__(self) -> str:
        """Name the key without its secret."""
        return f"{self.algorithm} {self.kid}"

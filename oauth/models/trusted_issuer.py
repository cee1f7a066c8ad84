"""Issuers whose assertions about their workloads are taken (RFC 7523 section 3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_ISSUER, LONGEST_URI, LONGEST_WORKLOAD_NAME

_ALGORITHMS_LENGTH = 100


class TrustedIssuerQuerySet(models.QuerySet["TrustedIssuer"]):
    """Issuers by what identifies them."""

    def by_issuer(self, issuer: str) -> "TrustedIssuerQuerySet":
        """The issuer of this `iss`, character by character."""
        return self.filter(issuer=issuer)

    def by_pk(self, pk: int) -> "TrustedIssuerQuerySet":
        """The issuer of this row."""
        return self.filter(pk=pk)

    def active(self) -> "TrustedIssuerQuerySet":
        """Those whose word is taken now."""
        return self.filter(is_active=True)


class TrustedIssuer(models.Model):
    """Who signs what workloads show us: a cluster, a CI service. Its keys are published, or stand here."""

    name = models.CharField(_("name"), max_length=LONGEST_WORKLOAD_NAME)
    issuer = models.CharField(_("issuer"), max_length=LONGEST_ISSUER, unique=True)
    jwks_uri = models.CharField(_("address of its keys"), max_length=LONGEST_URI, blank=True, default="")
    jwks = models.JSONField(_("its keys"), null=True, blank=True, default=None)
    algorithms = models.CharField(_("algorithms"), max_length=_ALGORITHMS_LENGTH, blank=True, default="")
    audience = models.CharField(_("audience"), max_length=LONGEST_URI, blank=True, default="")
    is_single_use = models.BooleanField(_("each assertion once"), default=True)
    is_active = models.BooleanField(_("trusted"), default=True)

    objects = TrustedIssuerQuerySet.as_manager()

    class Meta:
        """The table is small. Keys are published or stand here, never both and never neither."""

        verbose_name = _("trusted issuer")
        verbose_name_plural = _("trusted issuers")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                name="oauth_trusted_issuer_has_keys",
                condition=Q(jwks_uri="", jwks__isnull=False) | (~Q(jwks_uri="") & Q(jwks__isnull=True)),
            ),
            models.CheckConstraint(name="oauth_trusted_issuer_is_named", condition=~Q(issuer="") & ~Q(name="")),
        ]

    def __str__(self) -> str:
        """Name the issuer."""
        return self.name

"""Workloads: programs that a trusted issuer vouches for, each of them one client of ours (RFC 7523 section 3)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_SUBJECT, LONGEST_WORKLOAD_NAME
from oauth.models.client import Client
from oauth.models.trusted_issuer import TrustedIssuer


class WorkloadQuerySet(models.QuerySet["Workload"]):
    """Workloads by what identifies them."""

    def by_name(self, name: str) -> "WorkloadQuerySet":
        """The workload of this name."""
        return self.filter(name=name)

    def by_pk(self, pk: int) -> "WorkloadQuerySet":
        """The workload of this row."""
        return self.filter(pk=pk)

    def of_issuer(self, issuer_pk: int) -> "WorkloadQuerySet":
        """Those that an issuer vouches for."""
        return self.filter(issuer_id=issuer_pk)

    def client_ids(self) -> list[str]:
        """Return the clients that they are."""
        return list(self.values_list("client__client_id", flat=True).distinct().order_by())

    def vouched_for(self, issuer_pk: int, *, subjects: Iterable[str]) -> "WorkloadQuerySet":
        """Those of an issuer whose subject is written in one of these ways, and whose client is active."""
        return self.filter(issuer_id=issuer_pk, subject__in=list(subjects), client__is_active=True)


class Workload(models.Model):
    """What an issuer says of a program, and the client as which that program is known here."""

    name = models.CharField(_("name"), max_length=LONGEST_WORKLOAD_NAME, unique=True)
    issuer = models.ForeignKey(
        TrustedIssuer,
        on_delete=models.CASCADE,
        related_name="workloads",
        db_index=False,  # the index of subjects begins with it
        verbose_name=_("trusted issuer"),
    )
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    claims = models.JSONField(_("further claims"), blank=True, default=dict)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="workloads", verbose_name=_("client"))

    objects = WorkloadQuerySet.as_manager()

    class Meta:
        """Asked by issuer and subject."""

        verbose_name = _("workload")
        verbose_name_plural = _("workloads")
        ordering = ("name",)
        indexes = [models.Index(fields=["issuer", "subject"], name="oauth_workload_subject")]
        constraints = [
            models.CheckConstraint(name="oauth_workload_is_named", condition=~Q(name="") & ~Q(subject="")),
        ]

    def __str__(self) -> str:
        """Name the workload."""
        return self.name

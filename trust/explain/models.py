"""An explanation: what is kept for an hour of a request that was refused."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from trust.explain.conf import KEPT, LONGEST_VALUE
from trust.explain.vocabulary import Endpoint


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    """Explanations by reference, age and number."""

    def by_reference(self, reference: str) -> "ExplanationQuerySet":
        """The one that a refusal named."""
        return self.filter(reference=reference)

    def told(self) -> "ExplanationQuerySet":
        """Those whose reference went out with the refusal; why a sign-in was refused is for staff alone."""
        return self.exclude(endpoint=Endpoint.SIGN_IN)

    def of_client(self, client_id: str) -> "ExplanationQuerySet":
        """Those of requests that named this client."""
        return self.filter(client_id=client_id)

    def kept_at(self, now: datetime) -> "ExplanationQuerySet":
        """Those that are not too old, whether or not the others are deleted yet."""
        return self.filter(at__gt=now - KEPT)

    def over_at(self, now: datetime) -> "ExplanationQuerySet":
        """Those that are too old."""
        return self.filter(at__lte=now - KEPT).order_by("at")

    def beyond(self, most: int) -> "ExplanationQuerySet":
        """All but the newest `most`."""
        newest = self.aggregate(newest=models.Max("pk"))["newest"] or 0
        return self.filter(pk__lte=newest - most)


class Explanation(models.Model):
    """One refused request. `finding` is a code, whose words are chosen when somebody reads."""

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    at = models.DateTimeField(_("at"))
    endpoint = models.CharField(_("endpoint"), max_length=16, choices=Endpoint.choices)
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    error = models.CharField(_("error"), max_length=64)
    step = models.CharField(_("step"), max_length=100)
    finding = models.CharField(_("finding"), max_length=40, blank=True)
    about = models.CharField(_("about"), max_length=200, blank=True)
    came = models.CharField(_("came"), max_length=LONGEST_VALUE, blank=True)
    expected = models.CharField(_("expected"), max_length=LONGEST_VALUE, blank=True)
    number = models.BigIntegerField(_("number"), null=True)
    person = models.UUIDField(_("person"), null=True)

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        """Read the newest first, by reference, and cleared by age."""

        verbose_name = _("explanation")
        verbose_name_plural = _("explanations")
        indexes = [models.Index(name="explain_by_age", fields=["at"])]

    def __str__(self) -> str:
        """Name it as who reads it out does."""
        return self.reference

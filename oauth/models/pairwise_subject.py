"""A person's name in one sector (OpenID Connect Core section 8.1): random, so that sectors cannot compare people."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PairwiseSubjectQuerySet(models.QuerySet["PairwiseSubject"]):
    """Pairwise subjects by person and sector."""

    def of_person(self, user_id: uuid.UUID, sector: str) -> "PairwiseSubjectQuerySet":
        """What a person is called in a sector."""
        return self.filter(user_id=user_id, sector=sector)

    def called(self, subject: uuid.UUID, sector: str) -> "PairwiseSubjectQuerySet":
        """Whom a sector calls so."""
        return self.filter(subject=subject, sector=sector)


class PairwiseSubject(models.Model):
    """One row for each person and sector, kept as long as the person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="pairwise_subjects",
        db_index=False,  # the constraint's index begins with it
        verbose_name=_("person"),
    )
    sector = models.CharField(_("sector"), max_length=255)
    subject = models.UUIDField(_("subject"), default=uuid.uuid4, unique=True, editable=False)

    objects = PairwiseSubjectQuerySet.as_manager()

    class Meta:
        """Asked by person and sector whenever tokens are made; no two people share a subject."""

        verbose_name = _("pairwise subject")
        verbose_name_plural = _("pairwise subjects")
        constraints = [models.UniqueConstraint(fields=["user", "sector"], name="oauth_pairwise_subject_once")]

    def __str__(self) -> str:
        """Name the subject alone: not whose it is."""
        return str(self.subject)

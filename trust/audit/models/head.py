"""A signed head: the chain's last place and hash as they were at a time, in the words of one of the site's keys."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignedHeadQuerySet(models.QuerySet["SignedHead"]):
    """Heads by kind and by time."""

    def heads(self) -> "SignedHeadQuerySet":
        """Heads that were signed day by day, the newest first."""
        return self.filter(kind=SignedHead.Kind.HEAD).order_by("-sequence", "-id")

    def checkpoints(self) -> "SignedHeadQuerySet":
        """Places up to which events were deleted, the last first."""
        return self.filter(kind=SignedHead.Kind.CHECKPOINT).order_by("-sequence", "-id")

    def since(self, moment: datetime) -> "SignedHeadQuerySet":
        """Those that were signed from `moment` on."""
        return self.filter(at__gte=moment)


class SignedHead(models.Model):
    """One head. The key rotates away, so its public half is kept beside what it signed."""

    class Kind(models.TextChoices):
        """What was signed: how far the chain goes, or from where on it is kept."""

        HEAD = "head", _("head")
        CHECKPOINT = "checkpoint", _("checkpoint")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("signed at"))
    sequence = models.BigIntegerField(_("place in the chain"))
    chain_hash = models.BinaryField(_("chain hash"), max_length=32)
    count = models.BigIntegerField(_("events kept"))
    jws = models.TextField(_("signed statement"))
    jwk = models.JSONField(_("public key"))

    objects = SignedHeadQuerySet.as_manager()

    class Meta:
        """Read from the newest on, of one kind."""

        verbose_name = _("signed head of the audit trail")
        verbose_name_plural = _("signed heads of the audit trail")
        indexes = [models.Index(name="audit_head_by_kind", fields=["kind", "-sequence"])]
        constraints = [
            models.CheckConstraint(name="audit_head_in_the_chain", condition=models.Q(sequence__gte=1)),
            models.CheckConstraint(name="audit_head_kind_known", condition=models.Q(kind__in=["head", "checkpoint"])),
        ]

    def __str__(self) -> str:
        """Name the head by its place and day."""
        return f"{self.kind} {self.sequence} {self.at:%Y-%m-%d %H:%M:%S}"

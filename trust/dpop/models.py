"""The proofs that were used, where no Redis remembers them: a row each, until the proof is too old anyway."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from trust.dpop.conf import REMEMBERED_SECONDS
from trust.lib.clock import DatabaseNow
from trust.lib.shared_statements import SharedStatement


class UsedProofQuerySet(models.QuerySet["UsedProof"]):
    """Used proofs by state."""

    def forgotten(self, now: datetime) -> "UsedProofQuerySet":
        """Those too old to be taken again."""
        return self.filter(forget_at__lte=now).order_by("forget_at")


class UsedProof(models.Model):
    """A proof that was used: the digest of its key and its `jti`."""

    digest = models.CharField(_("digest"), max_length=43, primary_key=True)
    forget_at = models.DateTimeField(_("forgotten at"), db_index=True)

    objects = UsedProofQuerySet.as_manager()

    class Meta:
        """Found by digest; cleared by forget_at."""

        verbose_name = _("used DPoP proof")
        verbose_name_plural = _("used DPoP proofs")

    def __str__(self) -> str:
        """Name the proof."""
        return self.digest


class ProofAsk(NamedTuple):
    """A proof that shall be used, by its digest."""

    digest: str


def use_one(ask: ProofAsk) -> bool | None:
    """Use a proof by the ORM."""
    try:
        with transaction.atomic():
            row = UsedProof(digest=ask.digest, forget_at=DatabaseNow(timedelta(seconds=REMEMBERED_SECONDS)))
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return True


_MANY: Final = f"""
WITH asked AS MATERIALIZED (
    SELECT DISTINCT ON (digest) digest, place FROM unnest(%s::text[]) WITH ORDINALITY AS asked (digest, place)
    ORDER BY digest, place
), used AS (
    INSERT INTO dpop_usedproof (digest, forget_at)
    SELECT digest, clock_timestamp() + interval '{REMEMBERED_SECONDS} seconds' FROM asked
    ON CONFLICT (digest) DO NOTHING
    RETURNING digest
)
SELECT asked.place FROM asked JOIN used USING (digest)
"""  # noqa: S608 - made of our own words alone

USE_PROOF: Final[SharedStatement[ProofAsk, bool]] = SharedStatement(
    name="the use of a DPoP proof", one=use_one, many=_MANY, answer=lambda: True
)

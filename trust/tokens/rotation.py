"""The rotation of a refresh token: one statement, one live chain whatever races (docs/decisions/0004).

A refresh token is a sealed counter. The row that it names holds the counter; rotating is a compare-and-set on
it. Session and RefreshToken inherit the model, so that both refresh in the same way.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning
from trust.tokens.conf import ROTATION_GRACE

# The same rule in SQL of PostgreSQL, for many rows at once: `this` rotates as `asked.presented` wants it.
IS_CURRENT_SQL: Final = "this.generation = asked.presented"
MAY_ROTATE_SQL: Final = f"""({IS_CURRENT_SQL} OR (this.generation = asked.presented + 1
        AND this.rotated_at > clock_timestamp() - interval '{ROTATION_GRACE.total_seconds()} seconds'))
    AND this.expires_at > clock_timestamp()"""


def rotated_sql(moves: str = IS_CURRENT_SQL) -> str:
    """Return what becomes of the row, whose counter moves on where `moves` holds."""
    return f"""generation = CASE WHEN {moves} THEN this.generation + 1 ELSE this.generation END,
    rotated_at = CASE WHEN {moves} THEN clock_timestamp() ELSE this.rotated_at END"""


ROTATED_SQL: Final = rotated_sql()


class RotatingQuerySet(models.QuerySet[Any]):
    """Rows that refresh; a subclass says which are alive."""

    def alive(self) -> "RotatingQuerySet":
        """Rows whose tokens may refresh now, by the database's clock and by the row's own columns."""
        raise NotImplementedError

    def rotate(
        self,
        row_id: uuid.UUID,
        *,
        presented: int,
        columns: Sequence[str],
        also: Mapping[str, Any] | None = None,
        moves: bool = True,
    ) -> tuple[Any, ...] | None:
        """Move the counter on from `presented` and return `columns`; None if that generation is not to be had.

        `also` sets other columns of the row in the same statement; columns may be annotations that are subqueries.
        Unless it `moves`, the counter stays: the token is good as often as it is presented.

        The just-replaced generation within ROTATION_GRACE gets the current one again (RFC 9700 section 4.14.2).
        """
        current = Q(generation=presented)
        moving = current if moves else Q(pk__in=[])
        just_replaced = Q(generation=presented + 1, rotated_at__gt=DatabaseNow(-ROTATION_GRACE))
        return update_returning(
            self.alive().filter(current | just_replaced, pk=row_id),
            {
                "generation": Case(
                    When(moving, then=F("generation") + 1),
                    default=F("generation"),
                    output_field=models.PositiveIntegerField(),
                ),
                "rotated_at": Case(When(moving, then=DatabaseNow()), default=F("rotated_at")),
                **(also or {}),
            },
            columns,
        )


class RotatingModel(models.Model):
    """The counter's columns. No digest and no secret: the token is genuine by its seal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    generation = models.PositiveIntegerField(_("refresh generation"), default=1, editable=False)
    rotated_at = models.DateTimeField(_("last refreshed"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        """Inherited by accounts.Session and oauth.RefreshToken."""

        abstract = True

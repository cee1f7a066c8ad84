"""The rotation of a refresh token: one statement, one live chain whatever races (docs/decisions/0004).

A refresh token is a sealed counter. The row that it names holds the counter; rotating is a compare-and-set on
it. Session and RefreshToken inherit the model, so that both refresh in the same way.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from trust.lib.clock import DatabaseNow
from trust.lib.statements import update_returning
from trust.tokens.conf import ROTATION_GRACE


@dataclass(frozen=True, slots=True)
class Rotated:
    """The row's counter after a rotation, or after a repetition within the grace."""

    generation: int
    expires_at: datetime


class RotatingQuerySet(models.QuerySet[Any]):
    """Rows that refresh; a subclass says which are alive."""

    def alive(self) -> "RotatingQuerySet":
        """Rows whose tokens may refresh now, by the database's clock and by the row's own columns."""
        raise NotImplementedError

    def rotate(self, row_id: uuid.UUID, *, presented: int, also: Mapping[str, Any] | None = None) -> Rotated | None:
        """Move the counter on from `presented` and return it; None if that generation is not to be had.

        `also` sets other columns of the row in the same statement.

        The just-replaced generation within ROTATION_GRACE gets the current one again (RFC 9700 section 4.14.2).
        """
        current = Q(generation=presented)
        just_replaced = Q(generation=presented + 1, rotated_at__gt=DatabaseNow(-ROTATION_GRACE))
        changed = update_returning(
            self.alive().filter(current | just_replaced, pk=row_id),
            {
                "generation": Case(
                    When(current, then=F("generation") + 1),
                    default=F("generation"),
                    output_field=models.PositiveIntegerField(),
                ),
                "rotated_at": Case(When(current, then=DatabaseNow()), default=F("rotated_at")),
                **(also or {}),
            },
            ["generation", "expires_at"],
        )
        return None if changed is None else Rotated(*changed)


class RotatingModel(models.Model):
    """The counter's columns. No digest and no secret: the token is genuine by its seal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    generation = models.PositiveIntegerField(_("refresh generation"), default=1, editable=False)
    rotated_at = models.DateTimeField(_("last refreshed"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        """Inherited by accounts.Session and oauth.RefreshToken."""

        abstract = True

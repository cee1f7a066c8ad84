"""How far the sealed audit trail was followed: one row."""

from django.db import models
from django.db.models import Q


class CursorQuerySet(models.QuerySet["Cursor"]):
    """The one row, made when it is first asked for."""

    def hold(self) -> "Cursor":
        """Return the cursor, locked until the transaction ends: of two followers one waits for the other."""
        self.get_or_create(pk=Cursor.ONLY)
        return self.select_for_update().get(pk=Cursor.ONLY)


class Cursor(models.Model):
    """The place in the chain up to which deliveries were made."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    sequence = models.BigIntegerField(default=-1)

    objects = CursorQuerySet.as_manager()

    class Meta:
        """One row and no other."""

        default_permissions = ()
        constraints = [models.CheckConstraint(name="events_one_cursor", condition=Q(id=1))]

    def __str__(self) -> str:
        """Name the place."""
        return str(self.sequence)

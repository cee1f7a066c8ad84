"""A count: how often something happened in one minute, hour or day; or a level, of which the highest is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from trust.statistics.conf import DAYS_KEPT, HOURS_KEPT, MINUTES_KEPT


class Key(NamedTuple):
    """What was counted: `name` is one of few words of ours, `label` tells apart what has the same name."""

    name: str
    label: str = ""


Amounts = Mapping[Key, int]


class Resolution(models.TextChoices):
    """How long a count's time is."""

    MINUTE = "minute", _("minute")
    HOUR = "hour", _("hour")
    DAY = "day", _("day")


_KEPT: Final = {Resolution.MINUTE: MINUTES_KEPT, Resolution.HOUR: HOURS_KEPT, Resolution.DAY: DAYS_KEPT}
_ADDED: Final = "statistics_count.value + excluded.value"
_HIGHER: Final = "CASE WHEN excluded.value > statistics_count.value THEN excluded.value ELSE statistics_count.value END"


def beginning(resolution: Resolution, moment: datetime) -> datetime:
    """Return when the minute, hour or day of a moment began, in UTC."""
    minute = moment.replace(second=0, microsecond=0)
    if resolution is Resolution.MINUTE:
        return minute
    hour = minute.replace(minute=0)
    return hour if resolution is Resolution.HOUR else hour.replace(hour=0)


class CountQuerySet(models.QuerySet["Count"]):
    """Counts by time, and the two statements that write them."""

    def add(self, amounts: Amounts, *, at: datetime) -> None:
        """Add to the counts of the minute, the hour and the day of `at`, each by one statement."""
        for resolution in Resolution:
            _write(resolution, beginning(resolution, at), amounts, _ADDED)

    def raise_to(self, levels: Amounts, *, at: datetime) -> None:
        """Note levels: of a minute, an hour and a day the highest is kept, whoever notes it, and how often."""
        for resolution in Resolution:
            _write(resolution, beginning(resolution, at), levels, _HIGHER)

    def since(self, resolution: Resolution, moment: datetime) -> "CountQuerySet":
        """Counts of one resolution from `moment` on, in the order of time."""
        return self.filter(resolution=resolution, starts__gte=moment).order_by("starts", "name", "label")

    def of_minute(self, moment: datetime, name: str) -> "CountQuerySet":
        """What is there of one name in the minute of a moment."""
        return self.filter(resolution=Resolution.MINUTE, starts=beginning(Resolution.MINUTE, moment), name=name)

    def newest(self, names: tuple[str, ...], *, since: datetime) -> "CountQuerySet":
        """The counts of the newest minute that has any of these names, not before `since`."""
        minutes = self.filter(resolution=Resolution.MINUTE, starts__gte=since, name__in=names)
        return minutes.filter(starts=minutes.order_by("-starts").values("starts")[:1])

    def over(self, resolution: Resolution, now: datetime) -> "CountQuerySet":
        """Counts that are kept no longer, in the order of the index by which they are found."""
        return self.filter(resolution=resolution, starts__lt=now - _KEPT[resolution]).order_by("starts")


class Count(models.Model):
    """One number. `starts` is when its minute, hour or day began, in UTC."""

    resolution = models.CharField(_("resolution"), max_length=6, choices=Resolution.choices)
    starts = models.DateTimeField(_("starts"))
    name = models.CharField(_("name"), max_length=32)
    label = models.CharField(_("label"), max_length=255, blank=True)
    value = models.BigIntegerField(_("value"))

    objects = CountQuerySet.as_manager()

    class Meta:
        """Each once: by that, found by time. Seen on the front page of the administration by who may."""

        verbose_name = _("figures of the whole site")  # so the permission to view them is named
        verbose_name_plural = _("figures of the whole site")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="statistics_count_once", fields=["resolution", "starts", "name", "label"]),
            models.CheckConstraint(
                name="statistics_count_resolution_known", condition=models.Q(resolution__in=Resolution.values)
            ),
        ]

    def __str__(self) -> str:
        """Name what was counted, and when."""
        return f"{self.name} {self.label} {self.resolution} {self.starts:%Y-%m-%d %H:%M}"


def _write(resolution: Resolution, starts: datetime, amounts: Amounts, value: str) -> None:
    """Insert the rows, or change those that are there: one statement, in the order of their keys.

    Whoever else writes the same rows does so in the same order, so that neither waits for the other in a circle.
    """
    if not amounts:
        return
    began = connection.ops.adapt_datetimefield_value(starts)
    rows = [(resolution.value, began, key.name, key.label, amount) for key, amount in sorted(amounts.items())]
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    statement = f"""INSERT INTO statistics_count (resolution, starts, name, label, value) VALUES {values}
        ON CONFLICT (resolution, starts, name, label) DO UPDATE SET value = {value}"""  # noqa: S608 - our own words
    with connection.cursor() as cursor:
        cursor.execute(statement, [column for row in rows for column in row])

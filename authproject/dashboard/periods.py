"""The times that the dashboard shows: the last hour by minutes, the last day by hours, the last month by days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trust.statistics.models import Resolution, beginning


@dataclass(frozen=True, slots=True)
class Period:
    """A time that ends now, in `length` steps of one resolution."""

    name: str  # in the address
    title: str | Promise
    resolution: Resolution
    step: timedelta
    length: int

    def starts(self, now: datetime) -> list[datetime]:
        """Return when each step begins, the first one first; the last one is not over yet."""
        last = beginning(self.resolution, now)
        return [last - self.step * before for before in reversed(range(self.length))]

    def named(self, start: datetime) -> str:
        """Return what the step is called that begins then: a time of day in UTC, or month and day."""
        return f"{start:%m-%d}" if self.resolution is Resolution.DAY else f"{start:%H:%M}"


HOUR: Final = Period("hour", _("Last hour"), Resolution.MINUTE, timedelta(minutes=1), 60)
DAY: Final = Period("day", _("Last 24 hours"), Resolution.HOUR, timedelta(hours=1), 24)
MONTH: Final = Period("month", _("Last 30 days"), Resolution.DAY, timedelta(days=1), 30)
PERIODS: Final = (HOUR, DAY, MONTH)


def chosen(name: str) -> Period:
    """Return the period of a name; a day for every other word."""
    return next((period for period in PERIODS if period.name == name), DAY)

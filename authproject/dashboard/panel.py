"""A panel: a title, the numbers that matter, a drawing, and what is behind them in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from authproject.dashboard.drawing import Chart, written

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Headline:
    """A number and its unit; `colour` is that of the series which it sums up."""

    number: str
    unit: Text
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: what it is called, its numbers, and how long its bar is, in hundredths of the longest."""

    title: Text
    numbers: Sequence[str]
    share: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A short table: its columns after the first, and its lines."""

    title: Text
    columns: Sequence[Text]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `empty` is what it says where there is nothing yet."""

    name: str
    title: Text
    headlines: Sequence[Headline] = ()
    chart: Chart | None = None
    listings: Sequence[Listing] = ()
    note: Text = ""
    empty: Text = ""
    warning: Text = ""
    has_key: bool = False  # to the drawing's colours, where the headlines are none
    template: str = field(default="admin/dashboard/panel.html")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return (self.chart is None or self.chart.is_empty) and not any(listing.lines for listing in self.listings)


def line(title: Text, number: int, longest: int, *, link: str = "") -> Line:
    """Return a line with one number and a bar."""
    return Line(title, [written(number)], f"{100 * number / max(longest, 1):.1f}", link)

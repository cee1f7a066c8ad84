"""Drawings: bars and lines in the coordinates of an SVG that is stretched to its place, with what each says in words.

Ten units a step, a hundred units high. Texts are beside the SVG and not in it, so that they are not stretched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise

from authproject.dashboard.figures import Figures, Numbers

_STEP: Final = 10.0
_GAP: Final = 1.0  # on either side of a bar
HEIGHT: Final = 100.0
_TICKS: Final = 4
_ROUND: Final = (1, 2, 3, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers that belong together: what they are called, and by which colour (a class of dashboard.css)."""

    title: str | Promise
    colour: str
    numbers: Numbers

    @property
    def total(self) -> str:
        """The sum, written."""
        return written(sum(filter(None, self.numbers)))


@dataclass(frozen=True, slots=True)
class Shape:
    """All bars of a series, or its line: as a path of SVG."""

    colour: str
    path: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of time: what it is called, what its numbers are, both in a few lines, and where it stands."""

    name: str
    values: Sequence[str]
    told: str
    x: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and the table that says the same."""

    series: Sequence[Series]
    steps: Sequence[Step]
    shapes: Sequence[Shape]
    has_lines: bool
    ticks: Sequence[str]
    top: str
    width: str

    @property
    def is_empty(self) -> bool:
        """Whether all numbers are nought or missing."""
        return not any(number for series in self.series for number in series.numbers)


def bars(figures: Figures, series: Sequence[Series]) -> Chart:
    """Stand the numbers of each step on one another."""
    below = [0] * len(figures.starts)
    stacked = []
    for each in series:
        above = [begin + (number or 0) for begin, number in zip(below, each.numbers, strict=True)]
        stacked.append((each.colour, below, above))
        below = above
    top = round_up(max(below, default=0))
    shapes = [Shape(colour, _bars(begins, ends, top)) for colour, begins, ends in stacked]
    return _chart(figures, series, shapes, top, has_lines=False)


def lines(figures: Figures, series: Sequence[Series]) -> Chart:
    """Draw each series as a line, broken where numbers are missing."""
    top = round_up(max((number or 0 for each in series for number in each.numbers), default=0))
    shapes = [Shape(each.colour, _line(each.numbers, top)) for each in series]
    return _chart(figures, series, shapes, top, has_lines=True)


def written(number: int | None) -> str:
    """Return a number as people write it here, and a dash for none."""
    return "–" if number is None else number_format(number, use_l10n=True, force_grouping=True)


def round_up(number: int) -> int:
    """Return the next number that looks well at the top of an axis: a few times a power of ten."""
    power: int = 10 ** (len(str(max(number, 1))) - 1)
    return next(step * power for step in (*_ROUND, 10) if step * power >= number)


def _chart(figures: Figures, series: Sequence[Series], shapes: Sequence[Shape], top: int, *, has_lines: bool) -> Chart:
    names = [figures.period.named(start) for start in figures.starts]
    steps = [_step(name, series, place) for place, name in enumerate(names)]
    ticks = names[:: len(names) // _TICKS][:_TICKS]  # and now, at the end
    return Chart(series, steps, shapes, has_lines, ticks, written(top), _unit(len(names) * _STEP))


def _step(name: str, series: Sequence[Series], place: int) -> Step:
    values = [written(each.numbers[place]) for each in series]
    told = [f"{each.title}: {value}" for each, value in zip(series, values, strict=True)]
    return Step(name, values, "\n".join([name, *told]), _unit(place * _STEP))


def _bars(begins: Sequence[int], ends: Sequence[int], top: int) -> str:
    width = _unit(_STEP - 2 * _GAP)
    return "".join(
        f"M{_unit(place * _STEP + _GAP)} {_unit(_height(end, top))}h{width}V{_unit(_height(begin, top))}h-{width}z"
        for place, (begin, end) in enumerate(zip(begins, ends, strict=True))
        if end > begin
    )


def _line(numbers: Numbers, top: int) -> str:
    """Return a path through the numbers; one that stands alone is a point, by the round ends of its line."""
    points = [
        None if number is None else f"{_unit((place + 0.5) * _STEP)} {_unit(_height(number, top))}"
        for place, number in enumerate(numbers)
    ]
    runs = [list(run) for is_there, run in groupby(points, key=bool) if is_there]
    return "".join(f"M{run[0]}L{'L'.join(filter(None, [*run[1:], run[-1]]))}" for run in runs)


def _height(number: int, top: int) -> float:
    """Return where a number is, counted from above."""
    return HEIGHT - HEIGHT * number / top


def _unit(number: float) -> str:
    """Return a coordinate as SVG has it, whatever the language of the page."""
    return f"{number:.2f}".rstrip("0").rstrip(".")

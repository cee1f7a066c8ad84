"""Bars and lines are where their numbers want them, and are said in words as well."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from authproject.dashboard.drawing import Chart, Series, bars, lines, round_up, written
from authproject.dashboard.figures import Figures, Numbers
from authproject.dashboard.periods import DAY

NOW = datetime(2026, 11, 20, 14, 37, tzinfo=UTC)
FIGURES = Figures(DAY, DAY.starts(NOW)[:4], {}, {})


def _bars(*numbers: Numbers) -> Chart:
    return bars(FIGURES, [Series(f"series {place}", f"c{place}", each) for place, each in enumerate(numbers)])


def _lines(numbers: Numbers) -> str:
    (shape,) = lines(FIGURES, [Series("level", "c1", numbers)]).shapes
    return shape.path


@pytest.mark.parametrize(
    ("number", "top"), [(0, 1), (1, 1), (2, 2), (7, 8), (9, 10), (11, 20), (401, 500), (999, 1000), (1001, 2000)]
)
def test_the_axis_ends_at_a_round_number(number: int, top: int) -> None:
    assert round_up(number) == top


def test_bars_stand_on_one_another() -> None:
    chart = _bars([10, 0, 5, 0], [0, 0, 5, 2])
    assert chart.top == "10"
    assert [shape.path for shape in chart.shapes] == [
        "M1 0h8V100h-8zM21 50h8V100h-8z",
        "M21 0h8V50h-8zM31 80h8V100h-8z",
    ]


def test_a_line_breaks_where_nobody_looked_and_a_lone_number_is_a_point() -> None:
    assert _lines([0, 10, None, 5]) == "M5 100L15 0L15 0M35 50L35 50"
    assert _lines([None] * 4) == ""


def test_each_step_says_its_numbers() -> None:
    steps = _bars([1234, 0, 1, 2], [1, 2, 3, 4]).steps
    assert steps[0].told == "15:00\nseries 0: 1,234\nseries 1: 1"
    assert [list(step.values) for step in steps[1:]] == [["0", "2"], ["1", "3"], ["2", "4"]]


def test_coordinates_are_those_of_svg_in_every_language() -> None:
    with translation.override("de"):
        chart = _bars([3, 1, 7, 1])
        assert written(1234567) == "1.234.567"
    assert chart.shapes[0].path == _bars([3, 1, 7, 1]).shapes[0].path
    assert "," not in chart.shapes[0].path
    assert written(None) == "–"


@pytest.mark.parametrize(("numbers", "empty"), [([0, 0, 0, 0], True), ([None] * 4, True), ([0, 0, 0, 1], False)])
def test_a_drawing_of_nothing_is_empty(numbers: Numbers, empty: bool) -> None:
    assert _bars(numbers).is_empty is empty

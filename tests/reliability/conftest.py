"""Figures that slow tests measure, printed at the end as the rows of docs/measurements.md."""

from collections.abc import Callable
from typing import Any

import pytest

_FIGURE = "figure"
NoteFigure = Callable[[str, str], None]


@pytest.fixture
def note_figure(record_property: Callable[[str, object], None]) -> NoteFigure:
    """Keep what was measured and how much it was."""

    def note(what: str, how_much: str) -> None:
        record_property(_FIGURE, f"| {what} | {how_much} |")

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, [])]
    rows = [row for report in reports for name, row in report.user_properties if name == _FIGURE]
    if rows:
        terminalreporter.section("figures for docs/measurements.md")
        terminalreporter.line("\n".join(dict.fromkeys(rows)))

"""The job queue: what waits now, since when, what was given up, and how deep it was."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext, pgettext_lazy

from authproject.dashboard.drawing import Series, lines, written
from authproject.dashboard.figures import Figures, Numbers
from authproject.dashboard.panel import Headline, Panel, Text
from authproject.metrics.levels import GIVEN_UP, JOBS
from trust.jobs.models import due

_MAIL: Final = "mail"
_QUEUES: Final[Sequence[str]] = [name for name in settings.TASKS["default"]["QUEUES"] if name != _MAIL]
_PATIENCE_SECONDS = 60  # a worker that runs begins what is due within a second


def queue(figures: Figures, *, now: datetime) -> Panel:
    """Jobs that are due and wait, by queue."""
    waiting = {name: (number, since) for name, number, since in due()}
    jobs, mails = _waiting(waiting, *_QUEUES), _waiting(waiting, _MAIL)
    given_up = figures.now(GIVEN_UP)
    series = [
        Series(_("jobs"), "c1", _together([figures.levels(JOBS, name) for name in _QUEUES])),
        Series(_("mails"), "c3", figures.levels(JOBS, _MAIL)),
    ]
    return Panel(
        "queue",
        _("Queue"),
        [
            Headline(written(jobs), npgettext("queue", "job waits", "jobs wait", jobs), "c1"),
            Headline(written(mails), npgettext("queue", "mail waits", "mails wait", mails), "c3"),
            Headline(written(given_up), pgettext_lazy("queue", "given up"), "bad" if given_up else ""),
        ],
        lines(figures, series),
        note=_("Due and not begun; the highest of each step. What was given up is kept for a week."),
        empty=_("Nothing waits."),
        warning=_warning([since for _number, since in waiting.values()], now),
    )


def _together(levels: Iterable[Numbers]) -> Numbers:
    """Add up the levels of several queues, where somebody looked; a queue may be newer than the look."""
    steps = [[level for level in step if level is not None] for step in zip(*levels, strict=True)]
    return [sum(step) if step else None for step in steps]


def _waiting(waiting: dict[str, tuple[int, datetime]], *names: str) -> int:
    return sum(waiting[name][0] for name in names if name in waiting)


def _warning(since: list[datetime], now: datetime) -> Text:
    """Say that nobody works where a job has waited for long."""
    first = min(since, default=now)
    if (now - first).total_seconds() < _PATIENCE_SECONDS:
        return ""
    return _("A job has been due for %(time)s. Does the worker run?") % {"time": timesince(first, now)}

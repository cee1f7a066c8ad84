"""The panels that are made of counts by time alone: sign-ins, new people, sessions, tokens, limits and refusals."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from authproject.dashboard import words
from authproject.dashboard.conf import MOST_ROUTES
from authproject.dashboard.drawing import Series, bars, lines, written
from authproject.dashboard.figures import Figures
from authproject.dashboard.panel import Headline, Line, Listing, Panel, Text, line
from authproject.metrics.counting import LIMITS, PEOPLE, SIGN_INS
from authproject.metrics.levels import SESSIONS
from authproject.metrics.recorder import TOKENS
from authproject.metrics.totals import BETWEEN, FAILED, REFUSED

_COLOURS = ("c1", "c2", "c3", "c4", "c5", "c6")


def sign_ins(figures: Figures) -> Panel:
    """Sign-ins by what came of them, and by method."""
    series = [
        Series(_("succeeded"), "good", figures.counts(SIGN_INS, _ends_with("success"))),
        Series(_("refused"), "bad", figures.counts(SIGN_INS, _ends_with("failure"))),
        Series(_("limited"), "limited", figures.counts(SIGN_INS, _ends_with("limited"))),
    ]
    return Panel(
        "sign-ins",
        _("Sign-ins"),
        [Headline(each.total, each.title, each.colour) for each in series],
        bars(figures, series),
        [Listing(_("By method"), [each.title for each in series], _by_method(figures))],
        empty=_("Nobody signed in yet."),
    )


def people(figures: Figures) -> Panel:
    """New people, by how they came."""
    series = [
        Series(_("signed up"), "c1", figures.counts(PEOPLE, "signed_up".__eq__)),
        Series(_("made by staff"), "c3", figures.counts(PEOPLE, "signed_up".__ne__)),
    ]
    return Panel(
        "people",
        _("New people"),
        [Headline(each.total, each.title, each.colour) for each in series],
        bars(figures, series),
        empty=_("No account was made yet."),
    )


def sessions(figures: Figures) -> Panel:
    """Sessions that last."""
    series = Series(_("active sessions"), "c1", figures.levels(SESSIONS))
    present = figures.now(SESSIONS)
    return Panel(
        "sessions",
        _("Active sessions"),
        [Headline(written(present), ngettext("session now", "sessions now", present or 0), "c1")],
        lines(figures, [series]),
        note=_("Neither ended nor expired; the highest of each step."),
        empty=_("There is no session."),
    )


def tokens(figures: Figures) -> Panel:
    """Token responses by grant."""
    found = figures.labels(TOKENS)
    told = list(found) if len(found) <= len(_COLOURS) else list(found)[: len(_COLOURS) - 1]
    series = [
        Series(words.word(words.GRANTS, label), colour, figures.counts(TOKENS, label.__eq__))
        for label, colour in zip(told, _COLOURS, strict=False)
    ]
    if len(told) < len(found):
        others = figures.counts(TOKENS, set(found).difference(told).__contains__)
        series.append(Series(pgettext_lazy("dashboard", "Others"), _COLOURS[-1], others))
    total = sum(found.values())
    return Panel(
        "tokens",
        _("Tokens by grant"),
        [Headline(written(total), ngettext("token response", "token responses", total))],
        bars(figures, series),
        has_key=True,
        empty=_("No token was issued yet."),
    )


def refusals(figures: Figures) -> Panel:
    """What was refused, what was limited, and what failed by our own fault."""
    series = [
        Series(_("limited"), "limited", figures.counts(LIMITS)),
        Series(_("refused"), "bad", figures.counts(REFUSED)),
        Series(pgettext_lazy("requests", "failed"), "failed", figures.counts(FAILED)),
    ]
    return Panel(
        "refusals",
        _("Limits and refusals"),
        [Headline(each.total, each.title, each.colour) for each in series],
        bars(figures, series),
        [
            _listing(_("Limits hit"), figures, LIMITS, lambda label: words.word(words.LIMITS, label)),
            _listing(_("Requests refused, by endpoint"), figures, REFUSED),
            _listing(_("Errors of the server, by endpoint"), figures, FAILED),
        ],
        empty=_("Nothing was refused."),
    )


def _by_method(figures: Figures) -> list[Line]:
    by_label = figures.labels(SIGN_INS)
    methods = dict.fromkeys(label.partition(BETWEEN)[0] for label in by_label)
    outcomes = ("success", "failure", "limited")
    return [
        Line(
            words.word(words.METHODS, method),
            [written(by_label.get(f"{method}{BETWEEN}{outcome}", 0)) for outcome in outcomes],
        )
        for method in methods
    ]


def _listing(title: Text, figures: Figures, name: str, word: Callable[[str], Text] = str) -> Listing:
    most = list(figures.labels(name).items())[:MOST_ROUTES]
    longest = max((number for _label, number in most), default=0)
    return Listing(title, [_("times")], [line(word(label), number, longest) for label, number in most])


def _ends_with(outcome: str) -> Callable[[str], bool]:
    return lambda label: label.endswith(f"{BETWEEN}{outcome}")

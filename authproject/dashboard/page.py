"""The whole of the dashboard: the panels, in the order in which people look for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from authproject.dashboard import figures, panels
from authproject.dashboard.clients import clients
from authproject.dashboard.conf import PERMISSION
from authproject.dashboard.keys import keys
from authproject.dashboard.panel import Panel
from authproject.dashboard.periods import PERIODS, Period, chosen
from authproject.dashboard.queue import queue


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the template writes."""

    period: Period
    panels: Sequence[Panel]
    is_new: bool
    periods: Sequence[Period] = PERIODS


def of(viewer: User, *, period: str, now: datetime) -> Dashboard | None:
    """Return the figures of a period for who may see them; what they may look at closer is linked."""
    if not viewer.has_perm(PERMISSION):
        return None
    wanted = chosen(period)
    found = figures.load(wanted, now)
    shown: list[Panel] = [
        panels.sign_ins(found),
        panels.sessions(found),
        panels.people(found),
        panels.tokens(found),
        clients(found, may_look=viewer.has_perm("oauth.view_client")),
        panels.refusals(found),
        queue(found, now=now),
        keys(now=now, may_look=viewer.has_perm("keys.view_signingkey")),
    ]
    return Dashboard(wanted, shown, found.is_empty)

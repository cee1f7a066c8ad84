"""The hourly and the daily work of the security events: what is over goes, and who never answers is switched off."""

from datetime import datetime
from functools import partial

from trust.events import deliveries, jobs, receivers
from trust.lib.batches import Shift
from trust.lib.chores import Chores


def hourly(*, now: datetime, shift: Shift) -> Chores:
    """What comes every few seconds."""
    return {"event_jobs": partial(jobs.clear_rows, now=now, shift=shift)}


def daily(*, now: datetime, shift: Shift) -> Chores:
    """What comes with each event, and what nobody did by hand."""
    return {
        "event_deliveries": partial(deliveries.clear, now=now, shift=shift),
        "event_receivers_switched_off": partial(receivers.switch_off_what_never_answers, now=now),
        "event_secrets_ended": partial(receivers.end_old_secrets, now=now),
    }

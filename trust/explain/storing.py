"""Writing what was refused, many at once, and deleting what is over."""

import time
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from trust.explain.conf import KEPT, MOST_KEPT, TRIM_SECONDS
from trust.explain.finding import Refused
from trust.explain.models import Explanation
from trust.explain.redaction import kept_of
from trust.lib import clock

_NEVER: Final = float("-inf")
_last: Final = {"written": _NEVER, "trimmed": _NEVER}  # monotonic seconds


def store(refused: Sequence[Refused]) -> None:
    """Write refusals by one statement, each as the hooks REFUSALS_NOTED complete it."""
    for path in settings.REFUSALS_NOTED:
        refused = import_string(path)(refused)
    Explanation.objects.bulk_create(map(_row, refused))
    _last["written"] = time.monotonic()


def may_be_over() -> bool:
    """Tell whether this process has written what may be still there."""
    return time.monotonic() - _last["written"] < 2 * KEPT.total_seconds()


def trim() -> None:
    """Delete what is too old, and what is too much; at most every few seconds."""
    if time.monotonic() - _last["trimmed"] < TRIM_SECONDS:
        return
    _last["trimmed"] = time.monotonic()
    Explanation.objects.over_at(clock.now()).delete()
    Explanation.objects.beyond(MOST_KEPT).delete()


def _row(refused: Refused) -> Explanation:
    finding = refused.finding
    came, expected = kept_of(finding)
    return Explanation(
        reference=refused.reference,
        at=refused.at,
        endpoint=refused.endpoint,
        client_id=refused.client_id,
        error=refused.error,
        step=refused.step,
        finding=finding.found or "",
        about=finding.about,
        came=came,
        expected=expected,
        number=finding.number,
        person=finding.person,
    )

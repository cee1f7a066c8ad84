"""Why a sign-in was refused, left for staff (trust/explain): never what was typed, and never told to who typed it."""

import uuid

from trust.explain.finding import Finding
from trust.explain.note import note
from trust.explain.vocabulary import Endpoint, Found


def refused(
    found: Found, *, error: str, step: str, about: str = "", came: str = "", person: uuid.UUID | None = None
) -> None:
    """Leave why a sign-in was refused, which the person was told as `error`."""
    finding = Finding(found=found, about=about, came=came, person=person)
    note(Endpoint.SIGN_IN, error=error, step=step, finding=finding)


def limited(*, step: str, retry_after: int) -> None:
    """Leave that there were too many attempts."""
    finding = Finding(found=Found.LIMITED, number=retry_after)
    note(Endpoint.SIGN_IN, error="throttled", step=step, finding=finding)

"""RFC 7519 section 4.1: what a client's JWT says of itself: for whom it is, and when it is good."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys.foreign import seconds
from trust.tokens.conf import CLOCK_LEEWAY_SECONDS

Claims = Mapping[str, Any]
_TIMES: Final = ("exp", "nbf", "iat")
_FAR: Final = 1e12  # seconds


def is_for(claims: Claims, audiences: Collection[str]) -> bool:
    """Tell whether `aud`, a text or a list of texts, has one of these (section 4.1.3)."""
    named = claims.get("aud")
    listed = named if isinstance(named, list) else [named]
    return all(isinstance(one, str) for one in listed) and any(one in audiences for one in listed)


def wrong_time(claims: Claims, now: datetime) -> Finding | None:
    """Return which time is no number, or is not right, and by how many seconds; None where all that are there are.

    Clocks may differ a bit (sections 4.1.4 to 4.1.6).
    """
    return next(filter(None, (_wrong(name, claims, now) for name in _TIMES if name in claims)), None)


def too_long_lived(claims: Claims, now: datetime, longest: timedelta) -> Finding | None:
    """Tell whether there is no `exp`, or one further away than `longest`: so long is a `jti` remembered."""
    expires = seconds(claims, "exp")
    if expires is None:
        return Finding(found=Found.TIME_MISSING, about="exp")
    latest = (now + longest).timestamp() + CLOCK_LEEWAY_SECONDS
    beyond = seconds_between(expires, latest)
    return None if expires <= latest else Finding(found=Found.TOO_LONG_LIVED, about="exp", number=beyond)


def seconds_between(later: float, earlier: float) -> int:
    """Return how far two times are apart, in whole seconds: a number that can be kept, whatever a stranger says."""
    return int(max(-_FAR, min(_FAR, later)) - max(-_FAR, min(_FAR, earlier)))


def _wrong(name: str, claims: Claims, now: datetime) -> Finding | None:
    time, moment = seconds(claims, name), now.timestamp()
    if time is None:
        return Finding(found=Found.TIME_MISSING, about=name)
    if name == "exp":
        is_over = not time > moment - CLOCK_LEEWAY_SECONDS
        return Finding(found=Found.CLOCK_BEHIND, about=name, number=seconds_between(moment, time)) if is_over else None
    is_to_come = not time <= moment + CLOCK_LEEWAY_SECONDS
    return Finding(found=Found.CLOCK_AHEAD, about=name, number=seconds_between(time, moment)) if is_to_come else None

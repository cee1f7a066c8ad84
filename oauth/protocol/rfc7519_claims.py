"""RFC 7519 section 4.1: what a client's JWT says of itself: for whom it is, and when it is good."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from trust.keys.foreign import seconds
from trust.tokens.conf import CLOCK_LEEWAY_SECONDS

Claims = Mapping[str, Any]
_TIMES: Final = ("exp", "nbf", "iat")


def is_for(claims: Claims, audiences: Collection[str]) -> bool:
    """Tell whether `aud`, a text or a list of texts, has one of these (section 4.1.3)."""
    named = claims.get("aud")
    listed = named if isinstance(named, list) else [named]
    return all(isinstance(one, str) for one in listed) and any(one in audiences for one in listed)


def is_good_at(claims: Claims, now: datetime) -> bool:
    """Tell whether the times that are there are numbers and right (sections 4.1.4 to 4.1.6), clocks differing a bit."""
    times = {name: seconds(claims, name) for name in _TIMES if name in claims}
    moment = now.timestamp()
    return all(
        time is not None
        and (time > moment - CLOCK_LEEWAY_SECONDS if name == "exp" else time <= moment + CLOCK_LEEWAY_SECONDS)
        for name, time in times.items()
    )

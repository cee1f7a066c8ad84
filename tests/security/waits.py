"""The waits between guesses begin at a second, which a busy machine may take to ask again."""

from datetime import timedelta

from trust.lib import clock
from trust.limits.models import GuessCounter


def lengthen_waits(free: int = 10) -> None:
    """Make every wait that has begun an hour long: of counters that counted all the free guesses."""
    later = clock.now() + timedelta(hours=1)
    GuessCounter.objects.filter(count__gte=free).update(open_at=later)

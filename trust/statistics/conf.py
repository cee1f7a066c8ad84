"""Policy of the counts by time: how long they are kept, and how many labels a name may have."""

from datetime import timedelta
from typing import Final

MINUTES_KEPT: Final = timedelta(hours=3)  # the page shows the last hour
HOURS_KEPT: Final = timedelta(days=3)  # the page shows the last day
DAYS_KEPT: Final = timedelta(days=400)  # thirteen months, to compare with the year before
# A host's meter that nobody read for so long: what it counted by then is not counted when it comes back.
METER_KEPT: Final = timedelta(days=30)
MOST_LABELS: Final = 20  # of one name at one reading, by how often; what the others counted is under OTHER
OTHER: Final = "other"

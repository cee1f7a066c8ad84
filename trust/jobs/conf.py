"""Policy of the job queue's rows."""

from datetime import timedelta
from typing import Final

FINISHED_KEPT: Final = timedelta(days=7)
# A job that has run this long was begun by a worker that was killed. Begun again, ours do nothing twice.
STUCK_AFTER: Final = timedelta(minutes=15)
MOST_BEGINNINGS: Final = 5  # then it may be the job that kills workers

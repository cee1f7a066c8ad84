"""Policy of the metrics: what may be a label's value, and how much is kept."""

from datetime import timedelta
from typing import Final

# Seconds, the upper ends of the histogram's buckets: from an answer out of memory to a request that waited for a hash.
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What /api/token/ and /api/account/ (headless) issue by, beside the grant types of the token endpoint.
FIRST_PARTY_GRANTS: Final = ("password", "passkey", "headless")
# How a person signs in first; a second factor is no method of its own here.
SIGN_IN_METHODS: Final = ("password", "passkey", "mailed_code", "external")
SIGN_IN_OUTCOMES: Final = ("success", "failure", "limited")
PEOPLE_MADE: Final = ("created", "signed_up")
OTHER: Final = "other"  # stands for every value that is not of its set

MOST_CLIENTS: Final = 200  # of one process that are counted by name; a client more is counted as "other"
BYTES_FOR_A_PROCESS: Final = 256 * 1024  # about two thousand series; what comes after them is not counted
MOST_PROCESSES: Final = 256  # files in one folder; a process more counts for itself alone
LEVEL_SECONDS: Final = 60  # at least, between two looks at the levels that are noted for the dashboard
# Of the database's time that these looks may take: after a look of two seconds the next one waits for 200.
LEVEL_SHARE: Final = 0.01
LEVELS_TOLD_FOR: Final = timedelta(minutes=15)  # after a level was noted last it stands for what there is now
DATABASE_READ_SECONDS: Final = 10  # how long keys and jobs are told as they were read last

"""Policy of the metrics: what may be a label's value, and how much is kept."""

from typing import Final

# Seconds, the upper ends of the histogram's buckets: from an answer out of memory to a request that waited for a hash.
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What /api/token/ issues by, beside the grant types of the token endpoint.
FIRST_PARTY_GRANTS: Final = ("password", "passkey")
# How a person signs in first; a second factor is no method of its own here.
SIGN_IN_METHODS: Final = ("password", "passkey", "mailed_code", "external")
SIGN_IN_OUTCOMES: Final = ("success", "failure", "limited")
OTHER: Final = "other"  # stands for every value that is not of its set

BYTES_FOR_A_PROCESS: Final = 256 * 1024  # about two thousand series; what comes after them is not counted
MOST_PROCESSES: Final = 256  # files in one folder; a process more counts for itself alone
DATABASE_READ_SECONDS: Final = 10  # how long keys and jobs are told as they were read last

"""Policy of security events: how often, how long and how patiently receivers are told."""

from datetime import timedelta
from typing import Final

from trust.lib.fetch import Limits

QUEUE: Final = "events"
PRIORITY: Final = -20  # behind mail, the daily work and logouts
# Beside what is done whenever events were sealed: receivers whose rest is over, turns of killed workers.
WATCH_EVERY: Final = timedelta(seconds=30)
FOLLOW_BATCH: Final = 500  # events in one transaction
FOLLOW_SECONDS: Final = 3.0  # then the worker does other work first
ROWS_KEPT: Final = timedelta(hours=1)  # of these jobs in the queue: there would be 17,000 a day

# A turn of one receiver. It never has two, and others have theirs between two of its own.
TURN_SECONDS: Final = 3.0
TURN_DELIVERIES: Final = 100
TURN_LEASE: Final = timedelta(minutes=1)  # then its worker was killed, or too much waits before it: it is given anew
REQUEST: Final = Limits(connect=2.0, total=5.0, size=2048, cut=True)

# A day of attempts: half a minute, doubled to an hour, then hourly. A fifth more or less by chance.
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
GIVE_UP_AFTER: Final = timedelta(days=1)
ATTEMPTS: Final = 30  # at one delivery that its receiver refuses while it takes others: about a day
JITTER: Final = 0.2

SWITCH_OFF_AFTER: Final = timedelta(days=7)  # of failing without a break
DELIVERED_KEPT: Final = timedelta(days=7)
GIVEN_UP_KEPT: Final = timedelta(days=30)
WAITING_KEPT: Final = timedelta(days=7)  # longer waits only what a receiver that is off, or too slow, left

DELETED_AT_ONCE: Final = 500  # deliveries, with their receiver; more of them the worker deletes
OLD_SECRET_SIGNS: Final = timedelta(days=7)  # beside the new one, unless it is ended before
SECRET_BYTES: Final = 32  # Standard Webhooks: 24 to 64
LONGEST_NAME: Final = 64  # characters
LONGEST_URL: Final = 2048  # characters
LONGEST_AUDIENCE: Final = 255  # characters
LONGEST_AUTHORIZATION: Final = 1024  # characters
LONGEST_OUTCOME: Final = 300  # characters

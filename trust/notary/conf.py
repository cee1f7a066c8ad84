"""Policy of the chain's heads and of how long events are kept."""

from datetime import timedelta
from typing import Final

# A head is signed each day: less than a day, for the daily work is never on the second.
HEAD_EVERY: Final = timedelta(hours=20)
# A head that is older says that the daily work stands still.
HEAD_EXPECTED_WITHIN: Final = timedelta(hours=48)
# Events that one head comes after the last: what is between them is read and verified before it is signed.
HEAD_STRETCH: Final = 50_000
# Events that one checkpoint cuts off, read and verified before.
CUT_STRETCH: Final = 20_000
# A checkpoint is signed again long before the key that signed it goes (trust/keys/conf.py).
RENEWED_AFTER: Final = timedelta(days=30)

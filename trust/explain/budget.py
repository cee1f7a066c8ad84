"""How many refusals of one process leave a record: a client in a loop hides nobody else's."""

import time
from collections import Counter
from typing import Final

from trust.explain.conf import MOST_A_MINUTE, MOST_OF_ONE_CLIENT

_MINUTE: Final = 60  # seconds


class Budget:
    """Counts of the running minute. In several threads it may be wrong by as many, which does no harm."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._minute, self._all, self._of_one = 0, 0, Counter[tuple[str, str]]()

    def take(self, endpoint: str, client_id: str) -> bool:
        """Count one more of a client at an endpoint; False if there were enough."""
        minute = int(time.monotonic()) // _MINUTE
        if minute != self._minute:
            self._minute, self._all, self._of_one = minute, 0, Counter()
        one = (endpoint, client_id)
        if self._all >= MOST_A_MINUTE or self._of_one[one] >= MOST_OF_ONE_CLIENT:
            return False
        self._all += 1
        self._of_one[one] += 1
        return True

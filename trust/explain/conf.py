"""Policy of the explanations: how long, how many, and how much of a value is kept."""

from datetime import timedelta
from typing import Final

KEPT: Final = timedelta(hours=1)
MOST_KEPT: Final = 10_000  # rows; the oldest go first
MOST_WAITING: Final = 500  # of one process, for their being written; what comes then is dropped
# Of one process. A client in a loop neither hides what others are told, nor wears the table out.
MOST_OF_ONE_CLIENT: Final = 60  # a minute, at one endpoint
MOST_A_MINUTE: Final = 1000
GATHER_SECONDS: Final = 0.25  # what is refused meanwhile is written together
TRIM_SECONDS: Final = 10.0  # between two looks for what is over, while something is written
IDLE_SECONDS: Final = 60.0  # the same, while nothing is
FAREWELL_SECONDS: Final = 5.0  # that the end of a process waits for the last to be written
LONGEST_VALUE: Final = 300  # characters kept of what came, and of what was expected
LONGEST_PLAIN_WORD: Final = 23  # characters: what has more may be a secret, and is masked

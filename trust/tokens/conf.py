"""Policy of the tokens: lifetimes and tolerances."""

from datetime import timedelta
from typing import Final

ACCESS_TOKEN_LIFETIME: Final = timedelta(minutes=10)
LONGEST_ACCESS_TOKEN_LIFETIME: Final = timedelta(hours=1)  # that a client may be set to; revocations live as long
REFRESH_TOKEN_LIFETIME: Final = timedelta(days=30)  # absolute: rotation never moves it
# The just-replaced generation is answered again this long: a lost answer, two tabs.
ROTATION_GRACE: Final = timedelta(seconds=10)
# Clocks of nodes and of resource servers differ; never more than this is forgiven.
CLOCK_LEEWAY_SECONDS: Final = 60

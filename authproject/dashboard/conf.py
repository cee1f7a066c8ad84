"""Policy of the dashboard: who sees it, and how much of it."""

from typing import Final

PERMISSION: Final = "statistics.view_count"
MOST_CLIENTS: Final = 8  # by tokens; the others are one line
MOST_ROUTES: Final = 5

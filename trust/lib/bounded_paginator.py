"""Pages of a list that may have millions of rows: counted up to a bound, and no page beyond it.

To count all rows, or to skip a million of them, takes as long as to read them. Nobody turns twenty pages: they search.
"""

from typing import Any, Final

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED: Final = 1_000  # rows


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic for the checker only
    """Counts no more than COUNTED rows; `has_more` says that there are others, which no page shows."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, and COUNTED if there are more."""
        return min(self._counted, COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._counted > COUNTED

    @cached_property
    def _counted(self) -> int:
        """One more than COUNTED at most. Which of them are counted is all the same, so their order is not asked for."""
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        counted: int = rows.order_by()[: COUNTED + 1].count()
        return counted

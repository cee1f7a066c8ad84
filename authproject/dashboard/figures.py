"""What was counted in a period: by name and label, a number for each step."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from authproject.dashboard.periods import Period
from authproject.metrics.conf import LEVELS_TOLD_FOR
from authproject.metrics.levels import LEVELS
from trust.statistics.models import Count

Numbers = list[int | None]  # one for each step; of a level None where nobody looked


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a period."""

    period: Period
    starts: Sequence[datetime]
    by_name: dict[str, dict[str, dict[datetime, int]]] = field(repr=False)
    present: dict[str, int]  # levels, by name

    def labels(self, name: str) -> dict[str, int]:
        """Return how often each label of a name was counted, the most frequent first."""
        totals = {label: sum(counted.values()) for label, counted in self.by_name.get(name, {}).items()}
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))

    def counts(self, name: str, is_meant: Callable[[str], bool] = lambda _label: True) -> Numbers:
        """Return how often something was counted in each step, over all labels that are meant."""
        meant = [counted for label, counted in self.by_name.get(name, {}).items() if is_meant(label)]
        return [sum(counted.get(start, 0) for counted in meant) for start in self.starts]

    def levels(self, name: str, label: str = "") -> Numbers:
        """Return the highest level of each step in which somebody looked."""
        seen = self.by_name.get(name, {}).get(label, {})
        return [seen.get(start) for start in self.starts]

    def now(self, name: str) -> int | None:
        """Return a level, over all its labels, as it was when somebody looked last; None if that is long ago."""
        return self.present.get(name)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted at all."""
        return not self.by_name


def load(period: Period, now: datetime) -> Figures:
    """Read the counts of a period in one query, and in another how much there is now."""
    starts = period.starts(now)
    by_name: defaultdict[str, defaultdict[str, dict[datetime, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = Count.objects.since(period.resolution, starts[0]).values_list("name", "label", "starts", "value")
    for name, label, start, value in rows:
        by_name[name][label][start] = value
    present: Counter[str] = Counter()
    for name, value in Count.objects.newest(LEVELS, since=now - LEVELS_TOLD_FOR).values_list("name", "value"):
        present[name] += value
    return Figures(period, starts, {name: dict(labels) for name, labels in by_name.items()}, present)

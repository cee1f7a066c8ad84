"""What was counted, summed over the host's processes, those that ended included, as the library's families."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from authproject.metrics import workers
from authproject.metrics.cells import Numbers, summed
from authproject.metrics.conf import BUCKETS
from authproject.metrics.counting import LIMITS, PEOPLE, SIGN_INS
from authproject.metrics.places import Place
from authproject.metrics.recorder import IN_PROGRESS, REQUESTS, SECONDS, TOKENS, recorder

_ENDS: Final = [*map(floatToGoString, BUCKETS), "+Inf"]


class CountedCollector(Collector):
    """Reads the files once for a scrape, and tells what is in them and whose they are."""

    def collect(self) -> Iterator[Metric]:
        """Return every family; those of which nothing was counted yet have no samples."""
        places = recorder.places()
        totals = summed(place.numbers for place in places)
        yield _counters(totals, REQUESTS, "authproject_requests", "Answers.", ["route", "method", "status"])
        yield _durations(totals)
        yield _in_progress(places)
        yield _counters(totals, TOKENS, "authproject_tokens_issued", "Token responses.", ["grant_type"])
        yield _counters(totals, SIGN_INS, "authproject_sign_ins", "Attempts to sign in.", ["method", "outcome"])
        yield _counters(totals, PEOPLE, "authproject_people_made", "Accounts that came to be.", ["how"])
        yield _counters(
            totals, LIMITS, "authproject_limits_hit", "Attempts that a limit did not let through.", ["limit"]
        )
        yield from workers.families(places)


def _counters(totals: Numbers, kind: str, name: str, about: str, labels: list[str]) -> Metric:
    family = CounterMetricFamily(name, about, labels=labels)
    for (is_kind, *values), (count, *_) in sorted(totals.items()):
        if is_kind == kind:
            family.add_metric(values, count)
    return family


def _durations(totals: Numbers) -> Metric:
    about = "Time from a request to the head of its answer."
    family = HistogramMetricFamily("authproject_request_duration_seconds", about, labels=["route"])
    for (kind, *labels), (total, *buckets) in sorted(totals.items()):
        if kind == SECONDS:
            family.add_metric(labels, [*zip(_ENDS, accumulate(buckets), strict=True)], total)
    return family


def _in_progress(places: Iterable[Place]) -> Metric:
    """Of living processes alone: what a process had begun when it was killed is over."""
    now = sum(place.numbers.get((IN_PROGRESS,), (0.0,))[0] for place in places if place.process)
    return GaugeMetricFamily("authproject_requests_in_progress", "Requests that Django is answering now.", value=now)

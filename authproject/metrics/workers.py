"""The host's worker processes: memory, time and files of each, by the number of its place."""

from collections.abc import Iterable

from prometheus_client.core import Metric
from prometheus_client.process_collector import ProcessCollector

from authproject.metrics.places import Place


def families(places: Iterable[Place]) -> Iterable[Metric]:
    """Return the library's process metrics of every living process, labelled with its worker's number."""
    found: dict[str, Metric] = {}
    for place in places:
        for family in _of_process(place.process) if place.process else ():
            whole = found.setdefault(family.name, family)
            samples = [sample._replace(labels={"worker": str(place.number)}) for sample in family.samples]
            whole.samples = samples if whole is family else [*whole.samples, *samples]
    return found.values()


def _of_process(process: int) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: process, registry=None).collect()

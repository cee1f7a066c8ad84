"""clear_expired where nearly everything is over, and how long those wait who are issued tokens meanwhile."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any, Final

from bench.scale.rows import STILL_HERE
from bench.scale.site import database_of, scale, served
from bench.scale.workloads import WORKLOADS, Site
from oauth.services import housekeeping
from trust.lib import batches, clock

_BEFORE: Final = 15.0  # seconds of issuing alone
_AT_ONCE: Final = 4  # connections
_VISITORS: Final = 200
# Each of them writes where clear_expired deletes, but for the first.
_ISSUING: Final = ("client credentials", "refresh", "refresh by JSON")


def work() -> dict[str, Any]:
    """Clear, and return the counts, the seconds in all, and how long each batch took."""
    took: list[float] = []
    delete = batches._delete_batch

    def timed(rows: Any, size: int) -> int:
        began = time.perf_counter()
        try:
            return delete(rows, size)
        finally:
            took.append(time.perf_counter() - began)

    batches._delete_batch = timed
    began = time.perf_counter()
    counts = housekeeping.clear(now=clock.now())
    return {"counts": counts, "seconds": time.perf_counter() - began, "batches": took}


def clear(size: int, *, interface: str) -> str:
    """Make a house where so much is over, clear it while tokens are issued, and return what was seen, in Markdown."""
    url = database_of(f"over_{size}")
    scale("generate", "--over", "--size", str(size), url=url)
    chosen = ("--size", str(size), "--among", str(STILL_HERE), "--count", str(_VISITORS))
    held = json.loads(scale("material", *chosen, url=url))
    with served(url, interface=interface) as port:
        sites = [Site(port, held | {"visitors": held["visitors"][n::_AT_ONCE]}) for n in range(_AT_ONCE)]
        for site in sites:
            for visitor in site.visitors:
                WORKLOADS["sign-in by JSON"](site, visitor)
        with _issuing(sites) as alone:
            time.sleep(_BEFORE)
        with _issuing(sites) as meanwhile:
            done = json.loads(scale("work", url=url))
    return "\n".join([_cleared(done), "", _waits(alone, meanwhile)])


@contextmanager
def _issuing(sites: list[Site]) -> Iterator[dict[str, list[float]]]:
    """Issue on every connection as fast as they are answered, until it is enough; yield how long each took."""
    times: dict[str, list[float]] = {name: [] for name in _ISSUING}
    enough = threading.Event()
    with ThreadPoolExecutor(len(sites)) as pool:
        issuing = [pool.submit(_issue, site, times, enough) for site in sites]
        try:
            yield times
        finally:
            enough.set()
    for ended in issuing:
        ended.result()  # whoever was refused says so


def _issue(site: Site, times: Mapping[str, list[float]], enough: threading.Event) -> None:
    while not enough.is_set():
        for visitor in site.visitors:
            for name in _ISSUING:
                WORKLOADS[name](site, visitor)
                times[name].append(site.took)
            if enough.is_set():
                return


def _cleared(done: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in done["counts"].items() if count)
    took = done["batches"]
    batches_took = f"{len(took):,} batches, median {median(took):.3f} s, longest {max(took):.3f} s"
    return f"{counts}: {done['seconds']:.0f} s, in {batches_took}."


def _waits(alone: Mapping[str, list[float]], meanwhile: Mapping[str, list[float]]) -> str:
    lines = ["| issued meanwhile | alone: median, p99, longest | while clearing |", "| --- | --- | --- |"]
    lines += [f"| {name} | {_summed_up(alone[name])} | {_summed_up(meanwhile[name])} |" for name in _ISSUING]
    return "\n".join(lines)


def _summed_up(seconds: list[float]) -> str:
    p99 = quantiles(seconds, n=100)[-1]
    return f"{median(seconds) * 1000:.1f}, {p99 * 1000:.1f}, {max(seconds) * 1000:.0f} ms ({len(seconds):,})"

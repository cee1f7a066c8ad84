"""The same workloads at each size, in turns on one connection each, so that what disturbs one disturbs all."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from statistics import median, quantiles
from typing import Final

from bench.scale.site import database_of, scale, served
from bench.scale.workloads import SELDOM, WORKLOADS, Site

_VISITORS: Final = 200
_TURN: Final = 10  # requests to one site before it is the next one's turn
_WARM_UP: Final = 10  # visitors whose requests do not count
GOAL: Final = 1.2

Times = Mapping[str, Mapping[int, list[float]]]


def measure(sizes: Sequence[int], *, interface: str) -> str:
    """Measure all sizes and return the table, in Markdown."""
    with ExitStack() as stack:
        sites: dict[int, Site] = {}
        for size in sizes:
            url = database_of(str(size))
            scale("generate", "--size", str(size), url=url)
            held = json.loads(scale("material", "--size", str(size), "--count", str(_VISITORS), url=url))
            sites[size] = Site(stack.enter_context(served(url, interface=interface)), held)
        return table(_times(sites))


def _times(sites: Mapping[int, Site]) -> Times:
    times: dict[str, dict[int, list[float]]] = {}
    for name, ask in WORKLOADS.items():
        print(name, file=sys.stderr, flush=True)
        times[name] = {size: [] for size in sites}
        for first in range(0, SELDOM.get(name, _VISITORS), _TURN):
            for size, site in sites.items():
                for visitor in site.visitors[first : first + _TURN]:
                    ask(site, visitor)
                    times[name][size].append(site.took)
    return {name: {size: took[_WARM_UP:] for size, took in by_size.items()} for name, by_size in times.items()}


def table(times: Times) -> str:
    """Return medians and 95th percentiles of each size, in milliseconds, and the last median against the first."""
    sizes = list(next(iter(times.values())))
    header = ["workload", *(f"{size:,}: median, p95" for size in sizes), f"{sizes[-1]:,} to {sizes[0]:,}", ""]
    lines = [header, ["---"] * len(header)]
    for name, by_size in times.items():
        ratio = median(by_size[sizes[-1]]) / median(by_size[sizes[0]])
        cells = [f"{_ms(median(by_size[size]))}, {_ms(quantiles(by_size[size], n=20)[-1])} ms" for size in sizes]
        lines.append([name, *cells, f"{ratio:.2f}", "" if ratio <= GOAL else f"over {GOAL}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"

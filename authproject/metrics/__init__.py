"""Metrics: what happened is counted here, by whoever answers, and read at /metrics by whoever may (access.py).

Counting must cost next to nothing, since machine endpoints answer tens of thousands of requests a second, and one
scrape must tell of all processes of the host, though it reaches one. So each process adds to numbers in a mapped
file of its own, and a scrape reads the files. Measured on the same machine, in microseconds for one request, which
is a counter and a histogram: 0.6 so, 2.5 with the library's counters shared between processes, and 1.0 with them in
one process alone. The library, prometheus_client, writes the formats and reads /proc: docs/decisions/0024-metrics.md.

- cells: named numbers in memory that a file backs. places: whose file is whose. recorder: this process's counting of
  answers and tokens. counting: of the rest.
- meter, totals, reader: what all counted is brought into the database now and then, by time, for the dashboard;
  levels: how much there is of something then.
- counted, workers, site: what a scrape tells, as the library's collectors. exposition: all of it as text.
"""

from authproject.metrics.counting import count_limit, count_person, count_sign_in
from authproject.metrics.recorder import count_token, observe

__all__ = ["count_limit", "count_person", "count_sign_in", "count_token", "observe"]

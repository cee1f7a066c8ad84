"""The plans of what the workloads and clear_expired ask PostgreSQL, and which tables they read from end to end.

The statements are those that the house sends: PostgreSQL's own auto_explain tells of each, which takes a superuser.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.test import Client as Browser

from bench.scale.material import material
from bench.scale.workloads import WORKLOADS, Site
from oauth.services import housekeeping
from trust.lib import clock

_VISITORS: Final = 20  # more than it takes until a statement is prepared
_LARGE: Final = 5_000  # rows of a table, which are not read from end to end without a reason
_SCANNED: Final = re.compile(r"Seq Scan on (\w+)(?: \w+)?  \(cost.*?actual time=\S+ rows=(\d+)")
_VERB: Final = re.compile(r"Query Text: \W*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
_TABLE: Final = re.compile(r' (?:FROM|INTO|UPDATE) "?(\w+)"?|Query Text: UPDATE "(\w+)"')
_DURATION: Final = re.compile(r"duration: ([\d.]+) ms")


@dataclass(frozen=True)
class Plan:
    """How one statement was answered."""

    milliseconds: float
    subject: str
    text: str

    def scanned(self, sizes: Mapping[str, int]) -> list[str]:
        """Return the large tables that were read from end to end."""
        return [table for table, _rows in _SCANNED.findall(self.text) if sizes.get(table, 0) >= _LARGE]


class InProcess(Site):
    """The site in this very process, whose connection tells of its plans."""

    def ask(self, method: str, path: str, visitor: Mapping[str, Any], body: str = "", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("content-type", "application/octet-stream")
        answer: Any = Browser().generic(method, path, body, kind, headers=self.every(visitor) | named)
        if answer.status_code != 200:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.content[:300]!r}")
        return answer.json() if answer["Content-Type"].startswith("application/json") else answer.content


def explain(size: int) -> str:
    """Return for each workload its statements, the slowest of them, and what was read from end to end."""
    held = material(size, among=size, count=_VISITORS)
    site, sizes = InProcess(0, held), _sizes()
    lines = ["| workload | statements | the slowest | read from end to end |", "| --- | --- | --- | --- |"]
    for name, ask in WORKLOADS.items():
        plans = [plan for visitor in site.visitors for plan in _plans(lambda v=visitor, a=ask: a(site, v))]
        lines.append(_line(name, plans, sizes, times=len(site.visitors)))
    cleared = _plans(lambda: housekeeping.clear(now=clock.now()))
    return "\n".join([*lines, _line("clear_expired", cleared, sizes, times=1)])


def _line(name: str, plans: list[Plan], sizes: Mapping[str, int], *, times: int) -> str:
    slowest = max(plans, key=lambda plan: plan.milliseconds, default=None)
    scanning = {table: plan for plan in plans for table in plan.scanned(sizes)}
    for plan in scanning.values():
        print(f"--- {name}\n{plan.text}", file=sys.stderr)
    took = "" if slowest is None else f"{slowest.milliseconds:.2f} ms: {slowest.subject}"
    return f"| {name} | {len(plans) / times:.1f} | {took} | {', '.join(sorted(scanning))} |"


def _plans(act: Callable[[], Any]) -> list[Plan]:
    heard: list[str] = []

    def listen(notice: Any) -> None:
        heard.append(notice.message_primary)

    _tell_of_plans()
    connection.connection.add_notice_handler(listen)
    act()
    connection.connection.remove_notice_handler(listen)
    return [_plan(text) for text in heard if "plan:" in text]


def _tell_of_plans() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LOAD 'auto_explain'")
        for setting in ("log_min_duration = 0", "log_analyze = on"):
            cursor.execute(f"SET auto_explain.{setting}")
        cursor.execute("SET client_min_messages = log")


def _plan(text: str) -> Plan:
    duration, verb, table = _DURATION.search(text), _VERB.search(text), _TABLE.search(text)
    subject = f"{verb[1] if verb else '?'} {(table[1] or table[2]) if table else ''}"
    return Plan(float(duration[1]) if duration else 0.0, subject, text)


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r'")
        return dict(cursor.fetchall())

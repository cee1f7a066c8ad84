"""Events as a stream of text: JSON lines, which can be verified without the database, and CSV, for spreadsheets."""

import csv
import json
from collections.abc import Iterator
from typing import Any, Final

from trust.audit.lines import COLUMNS, Line, read_lines
from trust.audit.models import AuditEventQuerySet

CSV_COLUMNS: Final = tuple(
    name
    for name in COLUMNS
    if name not in {"salt", "personal_digest", "chain_hash"}  # for machines alone
)
_PAGE: Final = 1_000  # events: one statement, and one piece of the stream
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def json_lines(events: AuditEventQuerySet) -> Iterator[str]:
    """Return all that is known of each event, one a line, in the order of ids."""
    for page in _pages(events):
        yield "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in page)


def csv_rows(events: AuditEventQuerySet) -> Iterator[str]:
    """Return a table with a heading (RFC 4180). What would be a formula becomes text, by an apostrophe before it."""
    written = _Written()
    writer = csv.writer(written)
    writer.writerow(CSV_COLUMNS)
    for page in _pages(events):
        writer.writerows([_cell(line.get(name)) for name in CSV_COLUMNS] for line in page)
        yield written.taken()
    yield written.taken()


def _pages(events: AuditEventQuerySet) -> Iterator[list[Line]]:
    """Read page by page, so that nothing is held for longer than one statement."""
    after = 0
    while page := read_lines(events.order_by("pk").behind(after)[:_PAGE]):
        yield page
        after = page[-1]["id"]


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class _Written:
    """A file for the writer of the standard library, from which is taken what was written."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> None:
        self._parts.append(text)

    def taken(self) -> str:
        text, self._parts = "".join(self._parts), []
        return text

"""Writing very many rows: COPY on PostgreSQL, one INSERT run many times elsewhere."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

_CHUNK = 5_000  # rows
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """Rows of one model: what all have, and what the n-th has beside it; None where there is no n-th.

    There are so many of `each` person.
    """

    model: type[models.Model]
    same: Values
    row: Callable[[int], Values | None]
    each: int = 1

    def columns(self) -> list[Any]:
        return list(self.model._meta.concrete_fields)

    def rows(self, size: int) -> Iterator[Values]:
        return (row for n in range(1, size * self.each + 1) if (row := self.row(n)) is not None)


def write(sheet: Sheet, size: int) -> int:
    """Write the rows of a sheet for 1 to `size`; return how many there were."""
    rows = sheet.rows(size)
    first = next(rows, None)
    if first is None:
        return 0
    with transaction.atomic():
        if connection.vendor != "postgresql":
            return _insert(sheet, first, rows)
        _hurry()
        return _copy(sheet, first, rows)


def _hurry() -> None:
    """Let no statement's time end it; and look nothing up that rows refer to, for it is there: tests see to that."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")


def settle(sheets: Iterable[Sheet]) -> None:
    """Let ids go on behind those that were written, and the planner know what there is."""
    written = [sheet.model for sheet in sheets]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        for statement in connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _columns(sheet: Sheet, first: Values) -> tuple[list[Any], list[Any]]:
    """Return the fields that differ from row to row, and those that do not."""
    differing = [field for field in sheet.columns() if field.attname in first]
    return differing, [field for field in sheet.columns() if field.attname not in first and not _is_generated(field)]


def _is_generated(field: Any) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField)


def _constants(sheet: Sheet, fields: list[Any]) -> list[Any]:
    pattern = sheet.model(**sheet.same)
    return [field.get_db_prep_save(getattr(pattern, field.attname), connection) for field in fields]


def _copy(sheet: Sheet, first: Values, rows: Iterator[Values]) -> int:
    differing, same = _columns(sheet, first)
    constants = "".join(f"\t{_text(value)}" for value in _constants(sheet, same))
    names = [field.attname for field in differing]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in (*differing, *same))
    statement = f"COPY {connection.ops.quote_name(sheet.model._meta.db_table)} ({columns}) FROM STDIN"
    written = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk in _chunks(first, rows):
            copy.write("".join("\t".join(_text(row[name]) for name in names) + constants + "\n" for row in chunk))
            written += len(chunk)
    return written


def _insert(sheet: Sheet, first: Values, rows: Iterator[Values]) -> int:
    differing, same = _columns(sheet, first)
    constants = _constants(sheet, same)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in (*differing, *same))
    places = ", ".join(["%s"] * (len(differing) + len(same)))
    table = connection.ops.quote_name(sheet.model._meta.db_table)
    written = 0
    with connection.cursor() as cursor:
        for chunk in _chunks(first, rows):
            values = [
                [field.get_db_prep_save(row[field.attname], connection) for field in differing] + constants
                for row in chunk
            ]
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)
            written += len(chunk)
    return written


def _chunks(first: Values, rows: Iterator[Values]) -> Iterator[list[Values]]:
    chunk = [first, *islice(rows, _CHUNK - 1)]
    while chunk:
        yield chunk
        chunk = list(islice(rows, _CHUNK))


def _text(value: Any) -> str:
    """Return a value in COPY's text format."""
    match value:
        case None:
            return r"\N"
        case datetime():
            return value.isoformat()
        case bytes():
            return rf"\\x{value.hex()}"
        case bool():
            return "t" if value else "f"
        case dict():
            return _escaped(json.dumps(value))
    return _escaped(json.dumps(value.obj) if hasattr(value, "obj") else str(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")

"""The two clocks: the process's, passed down as `now`, and the database's, for what must agree between nodes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Func
from django.db.models.sql.compiler import SQLCompiler


def now() -> datetime:
    """Return this process's time, aware, in UTC. Views read it once and hand it down; rules never call it."""
    return datetime.now(UTC)  # noqa: TID251 - here it comes from


def from_epoch(seconds: float) -> datetime:
    """Return the aware UTC time of a NumericDate (RFC 7519 section 2)."""
    return datetime.fromtimestamp(seconds, tz=UTC)


class DatabaseNow(Func):
    """The database's own time when the statement runs, optionally shifted: the one clock for single use and grace.

    PostgreSQL's clock_timestamp() moves within a transaction, as the revocation feed needs. SQLite has
    milliseconds; they are written with six digits, as Django writes times, for SQLite compares times as text.
    """

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()

    def __init__(self, shift: timedelta = timedelta(0)) -> None:
        super().__init__()
        self.shift = shift

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any]]:
        """Compile for PostgreSQL."""
        return "(clock_timestamp() + %s * interval '1 second')", [self.shift.total_seconds()]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """Compile for SQLite."""
        return "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now', %s)", [f"{self.shift.total_seconds():+f} seconds"]

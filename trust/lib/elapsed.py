"""How long ago a row's moment was, computed by the database, by its own clock."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import FloatField, Func
from django.db.models.sql.compiler import SQLCompiler


class SecondsSince(Func):
    """The seconds since a moment that a column holds; null where it holds none."""

    arity = 1
    output_field = FloatField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Compile for PostgreSQL."""
        template = "EXTRACT(EPOCH FROM clock_timestamp() - %(expressions)s)::double precision"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Compile for SQLite."""
        template = "((julianday('now') - julianday(%(expressions)s)) * 86400.0)"
        return self.as_sql(compiler, connection, template=template, **context)

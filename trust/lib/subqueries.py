"""Subqueries that the ORM cannot say on both engines: a list of values as one column."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField, Subquery
from django.db.models.sql.compiler import SQLCompiler


class ListSubquery(Subquery):
    """The rows of a query whose one column is called `one`, as one list in the query's order."""

    output_field = JSONField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Compile for PostgreSQL."""
        return super().as_sql(compiler, connection, template="to_jsonb(ARRAY(%(subquery)s))", **context)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Compile for SQLite."""
        template = "(SELECT json_group_array(listed.one) FROM (%(subquery)s) AS listed)"
        return super().as_sql(compiler, connection, template=template, **context)

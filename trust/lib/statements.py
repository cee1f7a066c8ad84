"""Single statements that the ORM cannot say: a compare-and-set that answers with the row it changed."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connections, models
from django.db.models import sql


def update_returning(
    rows: "models.QuerySet[Any]", values: Mapping[str, Any], columns: Sequence[str]
) -> tuple[Any, ...] | None:
    """Run `UPDATE ... WHERE ... RETURNING` as one statement and return the changed row, or None if none matched.

    `rows` is filtered by the row's own columns (a join would be compiled into a subquery, which PostgreSQL
    does not check again after waiting for a lock; an Exists() is fine). `columns` are field names; their
    values come back in that order, converted as the ORM would.
    """
    connection = connections[rows.db or "default"]
    query = cast("sql.UpdateQuery", rows.query.chain(sql.UpdateQuery))
    query.add_update_values(dict(values))
    statement, parameters = query.get_compiler(connection=connection).as_sql()
    fields = [rows.model._meta.get_field(name) for name in columns]
    returning = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {returning}", parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    return tuple(_from_database(field, value, connection) for field, value in zip(fields, row, strict=True))


def _from_database(field: Any, value: Any, connection: Any) -> Any:
    expression = field.get_col(field.model._meta.db_table)
    for convert in connection.ops.get_db_converters(expression) + expression.get_db_converters(connection):
        value = convert(value, expression, connection)
    return value

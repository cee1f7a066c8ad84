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
    does not check again after waiting for a lock; an Exists() is fine). `columns` are names of fields, or of
    annotations that are subqueries; their values come back in that order, converted as the ORM would.
    """
    connection = connections[rows.db or "default"]
    query = cast("sql.UpdateQuery", rows.query.chain(sql.UpdateQuery))
    query.add_update_values(dict(values))
    compiler = query.get_compiler(connection=connection)
    statement, parameters = compiler.as_sql()
    expressions = [_expression(query, rows.model, name) for name in columns]
    returning = [compiler.compile(expression) for expression in expressions]
    listed = ", ".join(text for text, _ in returning)
    further = [one for _, more in returning for one in more]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {listed}", [*parameters, *further])
        row = cursor.fetchone()
    if row is None:
        return None
    return tuple(
        _from_database(expression, value, connection) for expression, value in zip(expressions, row, strict=True)
    )


def _expression(query: Any, model: type[models.Model], name: str) -> Any:
    annotated = query.annotations.get(name)
    return annotated if annotated is not None else model._meta.get_field(name).get_col(model._meta.db_table)  # type: ignore[union-attr]


def _from_database(expression: Any, value: Any, connection: Any) -> Any:
    for convert in connection.ops.get_db_converters(expression) + expression.get_db_converters(connection):
        value = convert(value, expression, connection)
    return value

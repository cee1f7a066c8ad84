"""Statements of the ORM that are compiled once: to make the SQL anew costs more than to ask by it.

For the row that each request asks for, such as its person. What the queryset says otherwise than by a Parameter is said
for good: nothing in it may depend on the time, the language or the settings of the moment.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Parameter(Expression):
    """What a compiled statement leaves open: the value of a field, given with each asking."""

    def __init__(self, place: int, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.place = place

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Leave a place for the value."""
        return "%s", [self]


class CompiledQuery(Generic[Row]):
    """A query for one row of a model, with its annotations, but without related rows.

    `make` returns the queryset, given a Parameter for each of `fields`; it must find no more than one row.
    """

    def __init__(self, make: "Callable[..., QuerySet[Row]]", *fields: "Field[Any, Any]") -> None:
        """Compile nothing yet: the models may not be there."""
        self._make = make
        self._fields = fields
        self._model: type[Row] | None = None
        self._by_alias: dict[str, _Compiled] = {}

    def find(self, *values: object) -> Row | None:
        """Return the row, or None. Raises what the ORM raises: ValidationError of a value, django.db.Error."""
        alias = router.db_for_read(self._model) if self._model else None
        compiled = self._by_alias.get(alias or "") or self._compiled()
        connection = connections[compiled.alias]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, compiled.parameters(values, connection))
            row = cursor.fetchone()
        return None if row is None else compiled.instance(row, connection)

    def _compiled(self) -> "_Compiled":
        queryset = self._make(*(Parameter(place, field) for place, field in enumerate(self._fields)))
        compiled = _Compiled.of(queryset)
        self._model = queryset.model
        self._by_alias[compiled.alias] = compiled
        return compiled


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What the compiler made of a queryset for a database."""

    alias: str
    sql: str
    given: Sequence[Any]  # parameters, of which those that are a Parameter are open
    model: type[Model]
    names: Sequence[str]
    columns: slice
    annotations: Sequence[tuple[str, int]]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]

    @classmethod
    def of(cls, queryset: "QuerySet[Any]") -> "_Compiled":
        """Compile it; on a connection of its own, since converters keep theirs, and this one belongs to a thread."""
        apart = connections[queryset.db].copy()
        try:
            compiler: Any = queryset.query.get_compiler(connection=apart)
            sql, given = compiler.as_sql()
        finally:
            apart.close()
        if compiler.klass_info.get("related_klass_infos"):
            raise TypeError("related rows are not compiled")
        selected = compiler.klass_info["select_fields"]
        columns = slice(selected[0], selected[-1] + 1)
        found = compiler.get_converters([column for column, _, _ in compiler.select])
        return cls(
            alias=queryset.db,
            sql=sql,
            given=tuple(given),
            model=queryset.model,
            names=[column.target.attname for column, _, _ in compiler.select[columns]],
            columns=columns,
            annotations=tuple(compiler.annotation_col_map.items()),
            converters=tuple((place, converters, column) for place, (converters, column) in found.items()),
        )

    def parameters(self, values: Sequence[object], connection: BaseDatabaseWrapper) -> list[Any]:
        """Return the parameters, each value prepared for its field as the ORM would."""
        return [
            one.output_field.get_db_prep_value(values[one.place], connection) if isinstance(one, Parameter) else one
            for one in self.given
        ]

    def instance(self, row: Sequence[Any], connection: BaseDatabaseWrapper) -> Any:
        """Return the instance of a row."""
        values = list(row)
        for place, converters, column in self.converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        found = self.model.from_db(self.alias, self.names, values[self.columns])
        for name, place in self.annotations:
            setattr(found, name, values[place])
        return found

"""What a migration may do while the previous release still runs: it expands, and contracts one release later."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

# Changes only what Python knows, or what the old code never looks at.
_HARMLESS: Final = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterModelTableComment,
    migrations.RemoveConstraint,
    migrations.RemoveIndex,
)
_ONLINE: Final = {"AddIndexOnline", "AddIndexConcurrently"}


def refused(app: str, operations: list[Operation], before: ProjectState) -> Iterator[str]:
    """Say which operations the previous release would not survive, or would have to wait for."""
    state, made = before.clone(), set[str]()
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from refused(app, operation.database_operations, state)
        elif isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        elif _model_of(operation) not in made and (reason := _reason(app, operation, state)):
            yield f"{operation.describe()}: {reason}"
        operation.state_forwards(app, state)


def _model_of(operation: Any) -> str:
    return str(getattr(operation, "model_name", "")).lower()


def _reason(app: str, operation: Any, state: ProjectState) -> str:
    if isinstance(operation, _HARMLESS) or type(operation).__name__ in _ONLINE:
        return ""
    if isinstance(operation, migrations.AddField):
        return _of_new_field(operation.field)
    if isinstance(operation, migrations.AlterField):
        old = state.models[app, operation.model_name_lower].fields[operation.name]
        return _of_changed_field(old, operation.field)
    if isinstance(operation, migrations.AddIndex):
        return "it locks the table while it is made; AddIndexOnline does not"
    return "the previous release may rely on what was, or rows may not fit"


def _of_new_field(field: Any) -> str:
    if field.many_to_many or field.null or field.has_db_default():
        return ""
    return "the previous release inserts rows without it: null=True or db_default"


def _of_changed_field(old: Any, new: Any) -> str:
    if old.null and not new.null:
        return "the previous release writes nulls"
    was, will_be = _in_database(old), _in_database(new)
    if "max_length" in was and "max_length" in will_be and will_be["max_length"] >= was["max_length"]:
        was["max_length"] = will_be["max_length"]
    return "" if was == will_be else "its column changes"


def _in_database(field: Any) -> dict[str, Any]:
    """Return of a field what its column is made of."""
    _, path, positional, named = field.deconstruct()
    left_out = {*field.non_db_attrs, "default", "db_default", "null", "auto_now", "auto_now_add"}
    return {"path": path, "positional": positional} | {k: v for k, v in named.items() if k not in left_out}

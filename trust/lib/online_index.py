"""Indexes on large tables, made while they are written to. For migrations of `atomic = False`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import AddIndex


class AddIndexOnline(AddIndex):
    """As AddIndex; PostgreSQL makes the index CONCURRENTLY, so that nobody waits to write (SQLite takes seconds).

    What was interrupted leaves an index that is not valid. It is dropped and made anew when the migration runs again.
    """

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the index."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            with _waiting_long(schema_editor):
                schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
                schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the index."""
        model = from_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            with _waiting_long(schema_editor):
                schema_editor.remove_index(model, self.index, concurrently=True)


@contextmanager
def _waiting_long(schema_editor: Any) -> Iterator[None]:
    """Wait for the transactions that are open, however long: no request waits behind this (unlike for other locks)."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        [before] = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])

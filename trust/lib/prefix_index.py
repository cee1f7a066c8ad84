"""An index by which rows are found by the beginning of a text, whatever its case: `istartswith` and `iexact`."""

from typing import Any

from django.db.models import Index, Model


class PrefixIndex(Index):
    """Of one column, in the form in which each kind of database asks for it.

    PostgreSQL compares UPPER(column) to a pattern, for which its index has to order by characters (text_pattern_ops),
    whatever the database's collation. SQLite's LIKE knows no case, and wants an index that knows none either.
    """

    def create_sql(self, model: type[Model], schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """Return the statement that makes the index."""
        [name] = self.fields
        fields = [model._meta.get_field(name)]
        if schema_editor.connection.vendor != "postgresql":
            return schema_editor._create_index_sql(
                model, fields=fields, name=self.name, using=using, col_suffixes=("COLLATE NOCASE",), **kwargs
            )
        statement = schema_editor._create_index_sql(model, fields=fields, name=self.name, using=using, **kwargs)
        statement.template = statement.template.replace(
            "(%(columns)s)", "((UPPER(%(columns)s::text)) text_pattern_ops)"
        )
        return statement

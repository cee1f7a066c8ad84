"""The database engine named in the settings: Django's for PostgreSQL, which looks at a connection without a statement.

Django asks once a request whether a connection that it kept is usable, and asks by `SELECT 1`. Here the socket is
asked: nobody speaks on an idle connection, so whatever there is to read on one is the server's farewell. A restart of
the database then costs not one request, but for those that were under way.
"""

from django.db.backends.postgresql import base

from trust.lib.farewell import has_been_told_something


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def is_usable(self) -> bool:
        """Tell whether the connection still stands; after an error by a statement, else by a look at its socket."""
        if self.errors_occurred:
            return super().is_usable()
        return not self.connection.closed and not has_been_told_something(self.connection.fileno())

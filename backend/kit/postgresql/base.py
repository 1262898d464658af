"""How does Django speak to PostgreSQL? As ever, less the round trips that tell nothing new."""

import select
from typing import Any, cast

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations
from django.db.backends.utils import CursorWrapper


class DatabaseOperations(PostgreSQLOperations):
    # Any: Django's own signature.
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """Return the statement with its values in their places, for whoever reads it."""
        if isinstance(cursor, base.ServerBindingCursor):
            return str(self.compose_sql(sql, params))
        return str(super().last_executed_query(cursor, sql, params))


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Tell whether the kept connection still works; a query is asked only where there is doubt.

        When PostgreSQL ends a connection it says so, or its system does: then there is something to read.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        news = select.poll()
        news.register(connection.fileno(), select.POLLIN)
        return super().is_usable() if news.poll(0) else True

    def preparing_cursor(self) -> CursorWrapper:
        """Return a cursor whose statements PostgreSQL parses, and soon also plans, once a connection.

        Django's own cursors write the parameters into the SQL, so that no two statements are the same.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            # Any: the stubs know neither of the two.
            wrapper, cursor = cast("Any", self), cast("Any", base.ServerBindingCursor)(self.connection)
            return cast("CursorWrapper", wrapper._prepare_cursor(cursor))  # noqa: SLF001  # so does its own `cursor`

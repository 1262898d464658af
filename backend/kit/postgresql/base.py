"""How does Django speak to PostgreSQL? As ever, less the round trips that tell nothing new."""

import select
from typing import cast

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper


class DatabaseWrapper(base.DatabaseWrapper):
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
            cursor = base.ServerBindingCursor(self.connection)
            return cast("CursorWrapper", self._prepare_cursor(cursor))

"""`manage.py migrate_once`: apply the migrations once, however many processes ask at the same time."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

LOCK_KEY = 0x511B_3A7  # any number that no other user of advisory locks in this database takes
LOCK_TIMEOUT_MS = 200
ATTEMPTS = 50
PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Apply migrations under an advisory lock, never holding up readers for more than 200 ms."

    def handle(self, *_args: Any, **options: Any) -> None:
        # Raw SQL: advisory locks and session settings have no ORM form.
        with connection.cursor() as cursor:
            self._wait_for_turn(cursor)
            # An ALTER TABLE that waits behind a long read makes every later reader wait too: give up early, try again.
            cursor.execute("SET lock_timeout = %s", [f"{LOCK_TIMEOUT_MS}ms"])
            # Filling a new column may take longer than any request may.
            cursor.execute("SET statement_timeout = 0")
            try:
                self._migrate(verbosity=options["verbosity"])
            finally:
                connection.close()

    def _wait_for_turn(self, cursor: CursorWrapper) -> None:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
            if cursor.fetchone() == (True,):
                return
            self.stdout.write("Another process is migrating; waiting for it.")
            time.sleep(PAUSE_SECONDS)

    def _migrate(self, *, verbosity: int) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                call_command("migrate", interactive=False, verbosity=verbosity)
            except OperationalError as error:
                # 55P03: lock_not_available
                if getattr(error.__cause__, "sqlstate", None) != "55P03":
                    raise
                self.stdout.write(f"A table is busy; attempt {attempt} of {ATTEMPTS} gave way to its readers.")
                time.sleep(PAUSE_SECONDS)
            else:
                return
        raise CommandError(
            f"A table stayed locked through {ATTEMPTS} attempts. Look for long transactions in pg_stat_activity."
        )

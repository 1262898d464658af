"""`manage.py seed`: fill a local stack with the demo cast and, on request, with a crowd."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.seeds import rules, selectors, services

BAR = 30


class Command(BaseCommand):
    help = "Fill a local stack: the demo cast, and VOLUME more members of Acme Rockets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--volume", type=int, default=0, metavar="MEMBERS", help="members of the crowd")
        parser.add_argument("--digest", action="store_true", help="print the digest of all seeded rows")

    def handle(self, *_args: Any, volume: int, digest: bool, **_options: Any) -> None:
        if settings.DEPLOY_ENV != "local":
            raise CommandError(f"Seeds are for local stacks; this one has DEPLOY_ENV={settings.DEPLOY_ENV}.")
        made = services.seed_demo()
        self.stdout.write("Made the demo cast." if made else "The demo cast is there already.")
        if volume:
            self._seed_volume(volume)
        if digest or volume:
            self.stdout.write(f"digest {selectors.get_digest()}")
        for person in rules.CAST:
            self.stdout.write(f"  {person.email:24} {rules.PASSWORD:16} {person.part}")

    def _seed_volume(self, members: int) -> None:
        started = time.perf_counter()
        rows = services.seed_volume(members=members, on_progress=lambda done: self._show(done, members))
        seconds = time.perf_counter() - started
        if rows:
            self.stdout.write(f"\nMade {rows:,} rows in {seconds:.1f} s ({rows / seconds:,.0f} rows/s).")
        else:
            self.stdout.write(f"The crowd has {members:,} members or more already.")

    def _show(self, done: int, members: int) -> None:
        if sys.stdout.isatty():
            filled = BAR * done // members
            self.stdout.write(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {done:,} of {members:,} members", ending="")
            self.stdout.flush()

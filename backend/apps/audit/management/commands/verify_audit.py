"""`manage.py verify_audit`: walk the chains of the audit log, and name every entry that is not as it was written."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.audit import selectors


class Command(BaseCommand):
    help = "Verify the audit log: name altered, missing and inserted entries, and fail when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", type=UUID, metavar="ID", help="verify the log of this one alone")

    def handle(self, *_args: Any, organization: UUID | None, verbosity: int, **_options: Any) -> None:
        chains = found = 0
        for chain_id in selectors.list_chain_ids() if organization is None else [organization]:
            chains += 1
            name = selectors.get_name(chain_id=chain_id)
            for fault in selectors.list_faults(chain_id=chain_id):
                found += 1
                self.stdout.write(f"{name}: {fault}")
            head = selectors.get_head(chain_id=chain_id)
            if head and (organization or verbosity > 1):
                # Kept elsewhere, it proves later that nobody wrote the whole chain anew.
                self.stdout.write(f"{name}: {head.length} entries, the last hash is {head.hash.hex()}")
        if found:
            raise CommandError(f"{found} faults in {chains} chains. The log is not as it was written.")
        self.stdout.write(f"{chains} chains hold.")

"""What is in the audit log, does it hold, and how does one get around the triggers that guard it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from apps.audit import selectors
from apps.audit.models import Chain, Entry

TABLES = ("audit_chain", "audit_entry")


def actions(chain_id: UUID) -> list[str]:
    """Return what was done, first to last."""
    return list(Entry.objects.filter(chain_id=chain_id).order_by("sequence").values_list("action", flat=True))


def faults() -> list[str]:
    """Return what is wrong with all chains together."""
    return [str(fault) for chain_id in selectors.list_chain_ids() for fault in selectors.list_faults(chain_id=chain_id)]


@contextmanager
def unguarded() -> Iterator[None]:
    """Let the block change what nobody may change."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER, DISABLE TRIGGER {table}_truncate")


def erase() -> None:
    """Forget the whole log."""
    with unguarded():
        Entry.objects.all().delete()
        Chain.objects.all().delete()

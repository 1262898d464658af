"""Is a real transaction open? Whatever must never happen inside one asks here."""

from django.db import connections


def is_open() -> bool:
    """Tell whether this thread holds a transaction that a caller opened.

    The transaction in which a test case wraps itself does not count: Django marks that block.
    """
    return any(
        connection.in_atomic_block and not all(block._from_testcase for block in connection.atomic_blocks)
        for connection in connections.all(initialized_only=True)
    )

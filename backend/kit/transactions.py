"""Is a real transaction open? Whatever must never happen inside one asks here."""

from django.db import connections


def is_open() -> bool:
    """Tell whether this thread holds a transaction that a caller opened.

    The transaction in which a test case wraps itself does not count: Django marks that block.
    """
    return any(
        connection.in_atomic_block
        and not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
        for connection in connections.all(initialized_only=True)
    )


def require_none(what: str) -> None:
    """Return when no transaction is open.

    :raises RuntimeError: when one is, since `what` takes long or speaks to somebody outside, and locks would be held.
    """
    if is_open():
        raise RuntimeError(f"{what} inside a database transaction: do it before the transaction, or after its commit.")


def require_one(what: str) -> None:
    """Return when a transaction is open.

    :raises RuntimeError: when none is, since `what` must be kept or undone together with what it belongs to.
    """
    if not is_open():
        raise RuntimeError(f"{what} outside of a database transaction: do it in the one that it belongs to.")

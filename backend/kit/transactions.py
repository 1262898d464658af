"""Is a real transaction open? Whatever must never happen inside one asks here."""

import functools
from collections.abc import Callable

from django.db import connections, transaction


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


def atomic[**P, Result](service: Callable[P, Result]) -> Callable[P, Result]:
    """Run the service in one transaction: the one that its caller opened, else one of its own.

    Django's decorator of this name sets a savepoint within another's transaction: two round trips, for callers that go
    on after a refusal. Ours let the refusal end the whole; one that goes on opens its savepoint with Django's.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        if is_open():
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return run

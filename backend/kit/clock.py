"""What time is it? The one source of time: nothing else in the platform reads a wall clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock of this context at the instant `at`, so that seeds are equal on every machine."""
    token = _fixed.set(at)
    try:
        yield
    finally:
        _fixed.reset(token)
